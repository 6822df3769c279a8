// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing
import XStandIn

/// The bridge is killed (`kill -9`) at any moment, again and again: afterwards everything is there once.
@Suite(.tags(.heavy), .timeLimit(.minutes(60))) struct BridgeStormTests {
    /// `ROOKERY_KILLS` says how often the daemon is killed: see `scripts/kill.sh`.
    private static let given = ProcessInfo.processInfo.environment["ROOKERY_KILLS"].flatMap { Int($0) }
    private static let quick = "poll_interval_s = 0.5\nsweep_interval_s = 2"

    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func relay(port: Int = 0) async throws -> RookeryProcess {
        try await RookeryProcess.serve(
            dataDirectory: directory.file("further"), config: "[sync]\nenabled = false", port: port)
    }

    /// Waits until these are the texts of the notes, and says what is missing if they never are.
    private func expect(
        _ expected: [String], _ what: String = "all posts, each once", of read: () async throws -> [String],
        meanwhile act: () async throws -> Void = {}
    ) async throws {
        var found: [String] = []
        do {
            // A further relay is sent five events a second, and is dialled ever less often.
            try await eventually(what, within: .seconds(60 + 10 * (Self.given ?? 0))) {
                try await act()
                found = try await read()
                return found == expected
            }
        } catch is TimedOut {
            Issue.record(
                "missing \(Set(expected).subtracting(found)), too many \(Set(found).subtracting(expected)), \(found.count) of \(expected.count)"
            )
        }
    }

    private func finish(_ rookery: BridgedRookery) async throws {
        #expect(try await rookery.stop())
        let (_, output, _) = try await RookeryProcess.run(["check", "--data-dir", rookery.data])
        #expect(output.contains("sound"))
        try await rookery.x.stop()
    }

    @Test func `no post is missing, none is there twice, and every relay has the same`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        var storm = try BridgeStorm(x, seed: 20)
        let further = try await relay()
        var rookery = try await BridgedRookery.start(
            x, in: directory, relays: [further.url], bridge: Self.quick)
        for round in 0..<(Self.given ?? 6) {
            try await storm.round(round)
            try await rookery.restart()
        }
        try await expect(storm.texts()) { try await rookery.notes() }
        try await expect(storm.texts()) { try await BridgedRookery.notes(of: further) }
        #expect(try await further.stop() == .code(0))
        try await finish(rookery)
    }

    @Test func `a further relay that comes and goes has the same in the end`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        var storm = try BridgeStorm(x, seed: 21)
        var further = try await relay()
        var rookery = try await BridgedRookery.start(
            x, in: directory, relays: [further.url], bridge: Self.quick)
        for round in 0..<(Self.given ?? 2) {
            try await storm.round(round)
            try await further.kill()
            if storm.chance() { try await rookery.restart() }
            further = try await relay(port: further.port)
        }
        try await expect(storm.texts()) { try await rookery.notes() }
        try await expect(storm.texts()) { try await BridgedRookery.notes(of: further) }
        #expect(try await further.stop() == .code(0))
        try await finish(rookery)
    }

    @Test func `every picture is served, and every note names one`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        var storm = try BridgeStorm(x, hasPhotos: true, seed: 22)
        var rookery = try await BridgedRookery.start(
            x, in: directory, bridge: Self.quick + "\nmedia = \"store\"")
        for round in 0..<(Self.given ?? 2) {
            try await storm.round(round)
            try await rookery.restart()
        }
        var places: Set<String> = []
        try await expect(storm.texts()) {
            try await rookery.notes().map { note in
                let lines = note.split(separator: "\n").map(String.init)
                if let place = lines.last, lines.count > 1 { places.insert(place) }
                return lines.first ?? ""
            }.sorted()
        }
        #expect(!places.isEmpty)
        for place in places {
            #expect(place.hasPrefix("http://127.0.0.1:\(rookery.port)/"), "\(place)")
            let path = "/" + (place.split(separator: "/").last ?? "")
            let answer = try await rookery.process.get(path)
            #expect(path.dropFirst().hasPrefix(Hex.string(SHA256.digest(answer.body).bytes)))
        }
        try await finish(rookery)
    }

    @Test func `what a moderator approved is there once, and nothing else is`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        var storm = try BridgeStorm(x, seed: 23)
        var rookery = try await BridgedRookery.start(
            x, in: directory, bridge: Self.quick + "\nmoderation = \"queue\"")
        _ = try await order(["moderator", "add", "eve"], rookery)
        for round in 0..<(Self.given ?? 2) {
            try await storm.round(round)
            if storm.chance() { try await decide(rookery) }
            try await rookery.restart()
            #expect(try await rookery.notes().allSatisfy { !$0.contains("not") })
        }
        try await expect(storm.texts(without: "not")) {
            try await rookery.notes()
        } meanwhile: {
            try await decide(rookery)
        }
        try await finish(rookery)
    }

    /// Lets pass what waits, but for posts with a `not`.
    private func decide(_ rookery: BridgedRookery) async throws {
        var numbers: [Bool: [String]] = [:]
        for line in try await order(["queue", "--state", "pending"], rookery).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if let number = words.first { numbers[words.contains("not"), default: []].append(number) }
        }
        for (isRefused, numbers) in numbers {
            _ = try await order(
                ["moderate", isRefused ? "reject" : "approve", "--as", "eve"] + numbers, rookery)
        }
    }

    /// - Returns: what a command says that asks the daemon.
    private func order(_ words: [String], _ rookery: BridgedRookery) async throws -> String {
        let (exit, output, errors) = try await RookeryProcess.run(
            ["bridge"] + words + ["--config", rookery.data + ".toml", "--data-dir", rookery.data],
            environment: BridgedRookery.secrets)
        // A post that was deleted meanwhile is not to be decided on any more.
        #expect(exit == .code(0) || words.first == "moderate", "\(errors)")
        return output
    }
}
