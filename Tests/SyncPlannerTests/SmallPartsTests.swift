// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import SyncPlanner

@Suite struct OwnAddressesTests {
    private let own: OwnAddresses = {
        var own = OwnAddresses()
        own.insert(domain: "Relay.Example.com")
        own.insert(listenHost: "0.0.0.0", port: 7777)
        return own
    }()

    @Test(arguments: [
        "wss://relay.example.com", "ws://relay.example.com:80/", "wss://RELAY.EXAMPLE.COM:443/path",
        "wss://relay.example.com./", "ws://127.0.0.1:7777", "ws://localhost:7777/", "ws://[::1]:7777",
        "ws://127.8.9.10:7777",
    ])
    func `we are known by every spelling`(text: String) throws {
        #expect(own.contains(try RelayURL(text)))
    }

    @Test(arguments: [
        "wss://evil-relay.example.com", "wss://relay.example.com.attacker.test",
        "wss://relay.example.com:444",
        "ws://127.0.0.1:7778", "wss://example.com",
    ])
    func `others are not taken for us`(text: String) throws {
        #expect(!own.contains(try RelayURL(text)))
    }
}

@Suite struct ListenAddressTests {
    @Test func `another loopback address with our port is another relay, unless we listen on all`() throws {
        var own = OwnAddresses()
        own.insert(listenHost: "127.0.0.1", port: 7960)
        for text in ["ws://127.0.0.1:7960", "ws://localhost:7960", "ws://a.localhost:7960"] {
            #expect(own.contains(try RelayURL(text)), "\(text)")
        }
        #expect(!own.contains(try RelayURL("ws://127.0.1.60:7960")))
        #expect(!own.contains(try RelayURL("ws://[::1]:7960")))
        own.insert(listenHost: "::", port: 7960)
        #expect(own.contains(try RelayURL("ws://127.0.1.60:7960")))
        #expect(!own.contains(try RelayURL("ws://10.0.0.1:7960")))
        own.insert(listenHost: "10.0.0.1", port: 7960)
        #expect(own.contains(try RelayURL("ws://10.0.0.1:7960")))
    }
}

@Suite struct UpstreamWordsTests {
    @Test func `what a relay says is shown as one short line that moves nothing`() {
        #expect(
            UpstreamWords.short("restricted: no\u{1B}[31m\r\nway\u{202E}\u{0}  ") == "restricted: no [31m way"
        )
        let long = UpstreamWords.short(String(repeating: "é", count: 1000))
        #expect(long.utf8.count <= UpstreamWords.lengthMax + 3)
        #expect(long.hasSuffix("…"))
    }
}

@Suite struct BackoffTests {
    @Test func `the wait is never nothing and never over the bound`() {
        var chance = SplitMix64(seed: 3)
        for attempts in 0..<60 {
            var backoff = Backoff(attempts: attempts)
            let wait = backoff.failed(at: .zero, base: .seconds(5), most: .seconds(3600), using: &chance)
            #expect(wait >= .milliseconds(500))
            #expect(wait <= min(.seconds(3600), .seconds(5) * (1 << min(attempts, 20))))
            #expect(backoff.attempts == attempts + 1)
            #expect(backoff.notBefore == Uptime.zero + wait)
        }
    }

    @Test func `two that fail together do not come back together`() {
        var chance = SplitMix64(seed: 4)
        let waits = (0..<50).map { _ in
            var backoff = Backoff(attempts: 8)
            return backoff.failed(at: .zero, base: .seconds(5), most: .seconds(3600), using: &chance)
        }
        #expect(Set(waits).count == 50)
    }
}

@Suite struct SyncRowTests {
    private let relay = try! RelayURL("wss://a.test/path")
    private static let key = TestKey.publicKey(1)
    private static let address = EventAddress(
        kind: .repositoryAnnouncement, pubkey: key, identifier: "a:b/%😀")

    @Test(
        arguments: [
            SyncItem.announcements, .repository(address), .root(EventID(key.bytes)), .deletions(key),
        ], [false, true])
    func `a cursor is read as it was written`(item: SyncItem, isBehind: Bool) {
        let row = SyncRow.cursors(
            of: relay, [CursorRow(item: item, coveredUntil: Timestamp(1_750_000_000), isBehind: isBehind)])[0]
        #expect(row.asCursor?.item == item && row.asCursor?.isBehind == isBehind)
        #expect(row.asCursor?.coveredUntil == Timestamp(1_750_000_000))
        #expect(row.key.count == 32)
    }

    @Test func `what is spent of new relays is read as it was written, by those who spent most`() throws {
        var budget = NewRelayBudget()
        let wall = Timestamp(1_750_000_000)
        for owner in 1...9 {
            for _ in 0..<owner {
                let isCharged = budget.charge(oneOf: [TestKey.publicKey(owner)], at: wall, most: 100)
                #expect(isCharged)
            }
        }
        let row = budget.row(of: 100)
        #expect(row.asRelay == nil)
        #expect(NewRelayBudget(row) == budget)
        let most = try #require(NewRelayBudget(budget.row(of: 3)))
        for owner in 1...9 {
            #expect(most.isSpent(byAll: [TestKey.publicKey(owner)], at: wall, most: owner) == (owner > 6))
        }
        #expect(!most.isSpent(byAll: [TestKey.publicKey(9)], at: wall.advanced(by: 86_400), most: 9))
        let value = try #require(row.value)
        for bad in [[], [0xF1] + value.dropFirst(), Array(value.dropLast()), Array(value.prefix(8))]
            as [[UInt8]]
        {
            #expect(NewRelayBudget(SyncRow(table: .relay, key: row.key, value: bad)) == nil)
        }
    }

    @Test func `a relay is read as it was written`() {
        let full = RelayRow(relay: relay, coveredUntil: Timestamp(7), attempts: 9, notBefore: Timestamp(8))
        let empty = RelayRow(relay: relay, coveredUntil: nil, attempts: 0, notBefore: nil)
        #expect(SyncRow.relay(full).asRelay == full)
        #expect(SyncRow.relay(empty).asRelay == empty)
    }

    private var information: UpstreamInformation {
        var information = UpstreamInformation()
        information.maxSubscriptions = 20
        information.maxLimit = 0
        information.maxMessageLength = 1 << 40
        information.authRequired = false
        information.paymentRequired = true
        information.supportedNIPs = [1, 11, 77, 65_535]
        information.software = "strfry 1.0 ✨"
        return information
    }

    @Test func `what a relay says of itself is read as it was written`() {
        for (information, failure) in [(information, nil), (UpstreamInformation(), "dial: tcp (nobody)")] {
            let row = RelayRow(
                relay: relay, attempts: 0, lastFailure: failure, information: information,
                informedAt: Timestamp(1_750_000_000))
            #expect(SyncRow.relay(row).asRelay == row)
        }
        let long = RelayRow(relay: relay, attempts: 0, lastFailure: String(repeating: "é", count: 1000))
        #expect(SyncRow.relay(long).asRelay?.lastFailure?.count == 128)
        let value = SyncRow.relay(RelayRow(relay: relay, attempts: 0)).value ?? []
        let bytes = information.rowBytes
        for length in 0..<(8 + bytes.count) where length > 0 {
            let cut = SyncRow(
                table: .relay, key: SyncRow.relayKey(relay),
                value: value + ([UInt8](repeating: 1, count: 8) + bytes).prefix(length))
            #expect(cut.asRelay == nil)
        }
    }

    @Test func `rows of earlier versions are read`() throws {
        let url = Array(relay.text.utf8)
        let now = SyncRow.relay(
            RelayRow(
                relay: relay, coveredUntil: Timestamp(7), attempts: 9, notBefore: Timestamp(8),
                lastAudit: Timestamp(6)))
        let value = try #require(now.value)
        let third = SyncRow(table: .relay, key: now.key, value: [3] + value[1..<39] + value[49...])
        #expect(third.asRelay == now.asRelay)
        let fourth = SyncRow(table: .relay, key: now.key, value: [4] + value[1..<40] + value[49...])
        #expect(fourth.asRelay == now.asRelay)
        for support: NegentropySupport in [.unknown, .works, .fails(until: Timestamp(9))] {
            let row = RelayRow(relay: relay, attempts: 1, negentropy: support)
            #expect(SyncRow.relay(row).asRelay == row)
        }
        let second = SyncRow(table: .relay, key: now.key, value: [2] + value[1..<39] + url)
        #expect(second.asRelay == now.asRelay)
        let first = SyncRow(table: .relay, key: now.key, value: [1] + value[1..<21] + url)
        #expect(
            first.asRelay
                == RelayRow(relay: relay, coveredUntil: Timestamp(7), attempts: 9, notBefore: Timestamp(8)))
    }

    @Test func `how the last dial failed is written down, and of earlier versions what is known of it`()
        throws
    {
        for failure in DialFailure.allCases {
            let row = RelayRow(relay: relay, attempts: 1, lastDial: failure, lastFailure: "whatever")
            #expect(SyncRow.relay(row).asRelay == row)
        }
        for verdict in RelayHealth.allCases {
            let row = SyncRow.relay(
                RelayRow(relay: relay, attempts: 1, failures: FailureRecord(verdict: verdict)))
            let value = try #require(row.value)
            let third = SyncRow(table: .relay, key: row.key, value: [3] + value[1..<39] + value[49...])
            #expect(third.asRelay?.lastDial == (verdict == .refused ? .refused : nil))
        }
        let row = SyncRow.relay(RelayRow(relay: relay, attempts: 1))
        var value = try #require(row.value)
        value[39] = 200
        #expect(
            SyncRow(table: .relay, key: row.key, value: value).asRelay?.lastDial == nil, "of a later version")
    }

    @Test func `damaged rows are not read and do not trap`() {
        for row in [
            SyncRow.cursors(
                of: relay, [CursorRow(item: .deletions(Self.key), coveredUntil: Timestamp(5))])[0],
            SyncRow.relay(RelayRow(relay: relay, coveredUntil: nil, attempts: 1, notBefore: nil)),
        ] {
            let value = row.value ?? []
            for length in 0..<value.count {
                let cut = SyncRow(table: row.table, key: row.key, value: Array(value.prefix(length)))
                #expect(cut.asCursor == nil && cut.asRelay == nil)
            }
            let other = SyncRow(table: row.table, key: row.key, value: [9] + value.dropFirst())
            #expect(other.asCursor == nil && other.asRelay == nil)
        }
    }

    @Test func `keys differ by relay and by item`() throws {
        let other = try RelayURL("wss://b.test")
        let items: [SyncItem] = [
            .announcements, .repository(Self.address), .deletions(Self.key), .root(EventID(Self.key.bytes)),
        ]
        let rows = [relay, other].flatMap { SyncRow.cursors(of: $0, items.map { CursorRow(item: $0) }) }
        #expect(Set(rows.map(\.key)).count == 8)
        #expect(rows.allSatisfy { $0.value == nil })
        for theirs in [rows[..<4], rows[4...]] {
            let keys = theirs.map { $0.key.map { String(UnicodeScalar($0)) }.joined() }
            #expect(keys == keys.sorted(), "rows come in the order of their keys")
        }
    }
}
