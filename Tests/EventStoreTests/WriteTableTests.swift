// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import StoreWorlds
import Testing

@testable import EventStore

/// A published table of cases (strfry's `writeTest`): events put one by one, and which of them are left.
///
/// Where this store differs it says so in `docs/explanation/store-layout.md`: a deletion of a deletion has
/// no effect (NIP-09), and an `a` tag reaches plain replaceables.
@Suite struct WriteTableTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var events: [Event]
        /// Indices, oldest first, ties by id.
        var survivors: [Int]
        var testDescription: String { name }
    }

    @Test(arguments: cases) func `what is left after each event came alone`(_ row: Case) throws {
        let store = try TemporaryStore()
        try store.put(row.events)
        try expect(row, store)
    }

    @Test(arguments: cases) func `what is left after all came in one batch`(_ row: Case) throws {
        let store = try TemporaryStore()
        try store.putTogether(row.events)
        try expect(row, store)
    }

    private func expect(_ row: Case, _ store: TemporaryStore) throws {
        let left = Set(try store.all().map(\.id))
        #expect(left == Set(row.survivors.map { row.events[$0].id }))
        #expect(try store.store.statistics.events == row.survivors.count)
        #expect(try store.store.check().faults == [])
    }

    static let cases: [Case] = regular + replaceable + addressable + deletions + wraps

    private static let regular: [Case] = [
        Case(name: "basic insert", events: [.unsigned(1), .unsigned(1, by: 1)], survivors: [0, 1])
    ]

    private static let replaceable: [Case] = {
        let old = Event.unsigned(10000, at: 5000)
        let new = Event.unsigned(10000, at: 5001)
        let tie = Event.tie(10000)
        return [
            Case(name: "replacement newer", events: [old, new, old], survivors: [1]),
            Case(name: "replacement dropped", events: [new, old], survivors: [0]),
            Case(
                name: "not someone else's", events: [old, .unsigned(10000, at: 5001, by: 1)],
                survivors: [0, 1]),
            Case(
                name: "not another kind", events: [.unsigned(10001), .unsigned(10000, by: 1)],
                survivors: [0, 1]),
            Case(
                name: "d ignored for plain replaceables",
                events: [.unsigned(10003, at: 5000), .unsigned(10003, at: 5001, [["d", "myrepl"]])],
                survivors: [1]),
            Case(name: "tie, larger id loses", events: [tie[0], tie[1]], survivors: [0]),
            Case(name: "tie, smaller id wins", events: [tie[1], tie[0]], survivors: [1]),
            Case(name: "metadata", events: [.unsigned(0, at: 1), .unsigned(0, at: 2)], survivors: [1]),
            Case(
                name: "41 is a plain kind", events: [.unsigned(41, at: 1), .unsigned(41, at: 2)],
                survivors: [0, 1]),
        ]
    }()

    private static let addressable: [Case] = {
        let x = { (at: Int64, d: TagValue) in Event.unsigned(30001, at: at, [["d", d]]) }
        let bare = Event.unsigned(30003, at: 5000)
        let tie = Event.tie(30003, [["d", "x"]])
        return [
            Case(name: "addressable", events: [x(5000, "x"), x(5001, "x")], survivors: [1]),
            Case(
                name: "d only matters for its range",
                events: [.unsigned(1, at: 1, [["d", "x"]]), .unsigned(1, at: 2, [["d", "x"]])],
                survivors: [0, 1]),
            Case(
                name: "d must match", events: [x(5000, "myrepl"), x(5001, "myrepl2"), x(5002, "myrepl")],
                survivors: [1, 2]),
            Case(
                name: "kind must match", events: [x(5000, "x"), .unsigned(30002, at: 5001, [["d", "x"]])],
                survivors: [0, 1]),
            Case(
                name: "pubkey must match",
                events: [x(5000, "x"), .unsigned(30001, at: 5001, by: 1, [["d", "x"]])],
                survivors: [0, 1]),
            Case(name: "newer not replaced by older", events: [x(5001, "x"), x(5000, "x")], survivors: [0]),
            Case(
                name: "missing d is empty d", events: [bare, .unsigned(30003, at: 5001, [["d", ""]]), bare],
                survivors: [1]),
            Case(
                name: "d without a value is empty d",
                events: [.unsigned(30003, at: 5001, [["d"], ["d", "x"]]), bare], survivors: [0]),
            Case(name: "addressable tie, larger id loses", events: [tie[0], tie[1]], survivors: [0]),
            Case(name: "addressable tie, smaller id wins", events: [tie[1], tie[0]], survivors: [1]),
        ]
    }()

    private static let deletions: [Case] = {
        let notes = (0..<3).map { Event.unsigned(1, at: 5000 + Int64($0)) }
        let note = notes[0]
        let deletion = Event.unsigned(5, at: 6000, [note.idTag])
        let article = Event.unsigned(30000, at: 5000, [["d", "hello"]])
        let list = Event.unsigned(10003, at: 5000)
        return [
            Case(
                name: "deletion", events: notes + [.unsigned(5, at: 6000, [notes[2].idTag, notes[0].idTag])],
                survivors: [1, 3]),
            Case(
                name: "duplicate e tags",
                events: notes + [.unsigned(5, at: 6000, [notes[2].idTag, notes[2].idTag])],
                survivors: [0, 1, 3]),
            Case(
                name: "someone else's", events: [note, .unsigned(5, at: 6000, by: 1, [note.idTag])],
                survivors: [0, 1]),
            Case(name: "deletion prevents adding again", events: [note, deletion, note], survivors: [1]),
            Case(
                name: "a deletion of a deletion has no effect",
                events: [note, deletion, .unsigned(5, at: 7000, [deletion.idTag]), note, deletion],
                survivors: [1, 2]),
            Case(
                name: "a tag blocks the same",
                events: [article, .unsigned(5, at: 6000, [article.addressTag("hello")]), article],
                survivors: [1]),
            Case(
                name: "a tag of a plain replaceable",
                events: [
                    list, .unsigned(5, at: 6000, [list.addressTag()]), list, .unsigned(10003, at: 6001),
                ],
                survivors: [1, 3]),
            Case(name: "before its target", events: [deletion, note], survivors: [0]),
            Case(
                name: "a stranger's before its target",
                events: [.unsigned(5, at: 6000, by: 1, [note.idTag]), note],
                survivors: [0, 1]),
            Case(
                name: "dated before its target, by id", events: [note, .unsigned(5, at: 10, [note.idTag])],
                survivors: [1]),
            Case(
                name: "dated before its target, by address",
                events: [article, .unsigned(5, at: 4999, [article.addressTag("hello")])], survivors: [0, 1]),
            Case(
                name: "of the same second, by address",
                events: [article, .unsigned(5, at: 5000, [article.addressTag("hello")])], survivors: [1]),
            Case(
                name: "a foreign address among good ones",
                events: [
                    article, .unsigned(30000, at: 5000, by: 1, [["d", "hello"]]),
                    .unsigned(
                        5, at: 6000,
                        [
                            Event.unsigned(30000, by: 1).addressTag("hello"), article.addressTag("hello"),
                        ]),
                ], survivors: [1, 2]),
            Case(
                name: "an address of a regular kind names nothing",
                events: [note, .unsigned(5, at: 6000, [note.addressTag()])], survivors: [0, 1]),
        ]
    }()

    private static let wraps: [Case] = {
        let wrap = Event.unsigned(1059, at: 5000, by: 0, [["p", TagValue(TestAuthor.key(1).hex)]])
        return [
            Case(
                name: "a gift wrap's recipient deletes it",
                events: [wrap, .unsigned(5, at: 6000, by: 1, [wrap.idTag]), wrap], survivors: [1]),
            Case(
                name: "a gift wrap's recipient deletes it beforehand",
                events: [.unsigned(5, at: 6000, by: 1, [wrap.idTag]), wrap], survivors: [0]),
            Case(
                name: "nobody else deletes a gift wrap",
                events: [wrap, .unsigned(5, at: 6000, by: 2, [wrap.idTag])], survivors: [0, 1]),
        ]
    }()
}
