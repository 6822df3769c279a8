// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import EventStore

@Suite struct EventRecordTests {
    private static let event = Event.fixture(
        tags: [.of("t", "a\"b"), .of("d", "x")], content: "a \"quoted\" word\n")

    /// A row as it is stored, or as it was by versions that did not pack.
    private func row(_ event: Event = event, isPacked: Bool) -> [UInt8] {
        var body = event.json
        let header =
            isPacked
            ? EventRecord.pack(event, expiration: nil, body: &body)
            : EventRecord.header(of: event, expiration: nil)
        return header.span.withUnsafeBufferPointer { Array($0) } + body
    }

    /// Reads every part of a row.
    private func parts(of row: [UInt8]) throws(StoreError) -> (tags: [NostrCore.Tag], content: String) {
        let event = try EventRecord(row.span).event()
        return (event.tags, event.content)
    }

    @Test(arguments: [false, true]) func `a row holds an event whole`(isPacked: Bool) throws {
        for event in [Self.event, .fixture(kind: 30_000, at: 1, content: ""), .fixture(at: 999_999_999)] {
            let read = try EventRecord(row(event, isPacked: isPacked).span).event()
            #expect(read == event && read.layout == event.layout)
        }
    }

    @Test(arguments: [false, true]) func `the least that an event can be is read`(isPacked: Bool) throws {
        let least = Event.fixture(kind: 1, at: 0, content: "")
        let found = try parts(of: row(least, isPacked: isPacked))
        #expect(found.tags.isEmpty && found.content.isEmpty)
    }

    @Test(arguments: [false, true])
    func `a row whose tags end anywhere else is damaged or read, and never more`(
        isPacked: Bool
    ) throws {
        let whole = row(isPacked: isPacked)
        for end in 0..<UInt32(whole.count + 300) {
            var damaged = whole
            for byte in 0..<4 { damaged[12 + byte] = UInt8(truncatingIfNeeded: end >> UInt32(24 - 8 * byte)) }
            _ = try? parts(of: damaged)
        }
    }

    @Test(arguments: [false, true]) func `a row that was cut is damaged or read, and never more`(
        isPacked: Bool
    ) throws {
        let whole = row(isPacked: isPacked)
        for count in whole.indices { _ = try? parts(of: Array(whole[..<count])) }
        #expect(throws: StoreError.self) { try parts(of: Array(whole.dropLast(60))) }
    }
}
