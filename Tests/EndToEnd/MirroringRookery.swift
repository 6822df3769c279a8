// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport

/// A relay with streams, and a client of it that publishes and looks.
struct MirroringRookery {
    let name: String
    let port: Int
    let directory: TemporaryDirectory
    var process: RookeryProcess?

    init(_ name: String, in directory: TemporaryDirectory) throws {
        (self.name, self.directory) = (name, directory)
        port = try RookeryProcess.freePort()
    }

    var url: String { "ws://127.0.0.1:\(port)" }

    /// Starts it, or starts it again, with one stream to each of these.
    mutating func start(
        mirroring urls: [String], _ direction: String = "both", filter: String = "{}", more: String = ""
    ) async throws {
        let stream = Self.stream(urls, direction, filter: filter)
        process = try await RookeryProcess.serve(
            dataDirectory: directory.file(name),
            config: "\(Self.quick)\(more)\n\(urls.isEmpty ? "" : stream)",
            port: port)
    }

    static let quick = "[sync]\nbackoff_base_s = 0.2\nbackoff_max_s = 1\n"

    static func stream(_ urls: [String], _ direction: String, filter: String) -> String {
        let list = urls.map { "\"\($0)\"" }.joined(separator: ", ")
        return
            "[[stream]]\nname = \"mirror\"\nurls = [\(list)]\ndirection = \"\(direction)\"\nfilter = '\(filter)'\n"
    }

    func publish(_ events: [Event]) async throws {
        let client = try await NostrClient.connect(to: port)
        for event in events {
            let answer = try await client.publish(event.text)
            guard answer.accepted else { throw Refused(description: answer.message) }
        }
    }

    struct Refused: Error { let description: String }

    /// The ids of all stored events.
    func ids() async throws -> Set<String> {
        let client = try await NostrClient.connect(to: port)
        return Set(try await client.query(["{}"]))
    }

    func holds(_ events: [Event], within limit: Duration = .seconds(60)) async throws {
        let wanted = Set(events.map(\.id.hex))
        do {
            try await eventually("\(wanted.count) events at \(name)", within: limit) {
                try await ids() == wanted
            }
        } catch let error as TimedOut {
            let (missing, found) = (wanted.subtracting(try await ids()).count, try await ids().count)
            throw TimedOut(
                "\(error.what): \(found) are there, \(missing) missing:\n\(try await status())\n\(process?.process.lastWords ?? "")",
                after: limit)
        }
    }

    func status() async throws -> String {
        let (_, output, errors) = try await RookeryProcess.run(
            ["status", "--data-dir", directory.file(name)])
        return output + errors
    }

    /// What `rookery status --json` says of its streams.
    func streams() async throws -> [[String: Any]] {
        let (_, output, _) = try await RookeryProcess.run(
            ["status", "--json", "--data-dir", directory.file(name)])
        let status = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        return status?["streams"] as? [[String: Any]] ?? []
    }

    /// Waits until all its conversations are in a state.
    func reaches(_ state: String, within limit: Duration = .seconds(30)) async throws {
        try await eventually("\(name) to be \(state)", within: limit) {
            let streams = try await streams()
            return !streams.isEmpty && streams.allSatisfy { $0["state"] as? String == state }
        }
    }
}
