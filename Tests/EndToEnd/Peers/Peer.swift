// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport

/// The scripts in `peer/`: nostr-sdk, written by others, as relay and as client.
enum Peer {
    /// A script ended badly.
    struct Failed: Error, CustomStringConvertible {
        let script: String
        let log: String
        var description: String { "\(script): \(log)" }
    }

    /// Starts a script.
    static func start(_ script: String, _ arguments: [String]) throws -> ChildProcess {
        let path = "\(Python.packageDirectory)/Tests/EndToEnd/peer/\(script)"
        return try ChildProcess(
            try Python.path(), [path] + arguments, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
    }

    /// Runs a script to its `end` and returns the lines before it.
    static func run(
        _ script: String, _ arguments: [String], within limit: Duration = .seconds(60)
    ) async throws -> [String] {
        let child = try start(script, arguments)
        let exit = try await child.waitForExit(within: limit)
        let lines = try await child.output.all()
        guard exit == .code(0), lines.last == "end" else {
            throw Failed(script: script, log: "\(exit): \(child.lastWords)")
        }
        return lines.dropLast()
    }

    /// The ids that nostr-sdk's client reads from `url` with `filters`, all pages.
    ///
    /// - Parameter key: shown when the relay asks for one (NIP-42).
    static func read(
        _ url: String, _ filters: [String] = [], as key: SecretKey? = nil,
        within limit: Duration = .seconds(60)
    ) async throws -> Set<EventID> {
        let lines = try await run("reader.py", option(key) + [url] + filters, within: limit)
        return Set(lines.compactMap { EventID(hex: $0) })
    }

    static func option(_ key: SecretKey?) -> [String] {
        key.map { ["--key", Hex.string($0.bytes)] } ?? []
    }

    /// Publishes `events` to `url` with nostr-sdk's client.
    ///
    /// - Returns: why events were refused, by id.
    static func publish(
        _ events: [Event], to url: String, as key: SecretKey? = nil
    ) async throws -> [EventID: String] {
        let directory = try TemporaryDirectory("publish")
        let file = try directory.write(jsonl: events, to: "events.jsonl")
        let lines = try await run("publisher.py", option(key) + [url, file])
        guard lines.count == events.count else {
            throw Failed(script: "publisher.py", log: "\(lines.count) answers to \(events.count) events")
        }
        return lines.reduce(into: [:]) { refused, line in
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count > 1, words[1] == "refused", let id = EventID(hex: String(words[0])) else {
                return
            }
            refused[id] = words.count > 2 ? String(words[2]) : ""
        }
    }

    /// A live subscription of nostr-sdk's client, open when this returns.
    static func watch(_ url: String, _ filter: String) async throws -> ChildProcess {
        let child = try start("watcher.py", [url, filter])
        _ = try await child.errorOnDeath {
            try await child.output.line("the subscription", within: .seconds(20)) { $0 == "watching" }
        }
        return child
    }
}

extension ChildProcess {
    /// Runs `body`, and puts what the program said into the error.
    func errorOnDeath<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch {
            throw Peer.Failed(script: "process \(pid)", log: "\(error)\n\(lastWords)")
        }
    }
}
