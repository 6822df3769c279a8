// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import RelayServer

/// Which pages an event loop reads itself.
@Suite struct ShortReadsTests {
    private let limits = ShortReadLimits()
    private let start = Uptime(nanoseconds: 5_000_000_000)

    private func isTaken(_ filters: String...) throws -> Bool {
        var reads = ShortReads(limits)
        return reads.takes(try filters.map { try Filter.parse(Array($0.utf8).span) }, at: start)
    }

    @Test func `a few ids, authors or tags, and small limits are short`() throws {
        let id = String(repeating: "ab", count: 32)
        #expect(try isTaken(#"{"ids":["\#(id)"]}"#))
        #expect(try isTaken(#"{"authors":["\#(id)"],"kinds":[0,3]}"#, ##"{"#e":["\##(id)"]}"##))
        #expect(try isTaken(#"{"kinds":[1],"limit":20}"#))
    }

    @Test func `what may bring much, or look at many places, is not short`() throws {
        let id = String(repeating: "ab", count: 32)
        let many = (0..<40).map { #""\#($0)""# }.joined(separator: ",")
        #expect(try !isTaken("{}"))
        #expect(try !isTaken(#"{"kinds":[1]}"#))
        #expect(try !isTaken(#"{"authors":["\#(id)"],"limit":500}"#))
        #expect(try !isTaken(##"{"#t":[\##(many)]}"##))
        let kinds = (0..<20).map { "\($0)" }.joined(separator: ",")
        #expect(
            try !isTaken(
                #"{"authors":["\#(id)","\#(String(repeating: "cd", count: 32))"],"kinds":[\#(kinds)]}"#))
        #expect(try !isTaken(#"{"search":"words","limit":1}"#))
        #expect(
            try !isTaken("{\"limit\":1}", "{\"limit\":2}", "{\"limit\":3}", "{\"limit\":4}", "{\"limit\":5}"))
    }

    @Test func `after a slow page nothing is read here for a while`() {
        var reads = ShortReads(limits)
        let one = [Filter(limit: 1)]
        reads.took(.milliseconds(3), until: start)
        reads.burstEnded()
        let taken = [99, 100].map { reads.takes(one, at: start + .milliseconds($0)) }
        #expect(taken == [false, true])
    }

    @Test func `one burst of messages has so much read and no more`() {
        var reads = ShortReads(limits)
        let one = [Filter(limit: 1)]
        var pages = 0
        while reads.takes(one, at: start), pages < 100 {
            reads.took(.microseconds(400), until: start)
            pages += 1
        }
        #expect(pages == 5)
        reads.burstEnded()
        let isTakenAgain = reads.takes(one, at: start)
        #expect(isTakenAgain)
    }

    @Test func `what is longer than it looked goes on elsewhere, in order and whole`() async throws {
        try await TestRelay.run { relay in
            let events = (0..<180).map { Event.fixture(at: 1_700_000_000 + Int64($0), content: "\($0)") }
            await relay.store(events)
            let client = try await NostrClient.connect(to: relay)
            let filter = #"{"authors":["\#(events[0].pubkey)"]}"#
            #expect(try await client.request("long", filter).map(\.id) == events.reversed().map(\.id))
        }
    }
}
