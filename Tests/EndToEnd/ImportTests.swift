// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

/// What was imported is what is read, to the event and in order.
@Suite(.tags(.heavy), .timeLimit(.minutes(5))) struct ImportTests {
    @Test func `an imported history is read back as a naive relay would answer`() async throws {
        let directory = try TemporaryDirectory("import")
        let count = TestScale.pick(quick: 6_000, full: 100_000)
        let history = MixedHistory.make(count, seed: 20)
        let file = try directory.write(jsonl: history.map(\.event), to: "history.jsonl")
        let (exit, _, errors) = try await RookeryProcess.run(
            ["import", file, "--data-dir", directory.file("data")], within: .seconds(200))
        #expect(exit == .code(0), "\(errors)")

        var model = NaiveRelay(now: Int64(Date().timeIntervalSince1970))
        for event in history { model.take(event) }
        let sorted = model.sorted()
        #expect(sorted.count < count * 9 / 10, "the history holds replacements, deletions and expirations")

        let rookery = try await RookeryProcess.serve(dataDirectory: directory.file("data"))
        let client = try await NostrClient.connect(to: rookery.port)
        #expect(try await client.count() == sorted.count)
        var rng = SplitMix64(seed: 21)
        var answered = 0
        for number in 0..<330 {
            let filters = (0..<[1, 1, 1, 2, 3][number % 5]).map { _ in
                ModelFilter.random(about: history, using: &rng)
            }
            let expected = NaiveRelay.answer(filters, from: sorted, limit: 5000).map(\.hex)
            let json = filters.map(\.json)
            let answer = try await client.query(json)
            #expect(answer == expected, "number \(number): \(json)")
            answered += answer.isEmpty ? 0 : 1
        }
        #expect(answered > 200, "most filters should find something")
        let (checked, output, problems) = try await Self.check(rookery, directory)
        #expect(checked == .code(0), "\(output)\(problems)")
    }

    /// Stops the relay and walks its store.
    private static func check(
        _ rookery: RookeryProcess, _ directory: TemporaryDirectory
    ) async throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
        try await rookery.stop()
        return try await RookeryProcess.run(
            ["check", "--data-dir", directory.file("data")], within: .seconds(100))
    }
}
