// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import NostrCore

/// One row that the planner keeps durably, in the store's transaction.
///
///     cursor   key    16 bytes of SHA-256(relay) ‖ 16 bytes of SHA-256(family ‖ item)
///              value  1 or 2 (version) ‖ covered-until (8, BE) ‖ family (1) ‖ item
///     relay    key    16 bytes of SHA-256(relay)
///              value  5 (version) ‖ covered-until (8, BE) ‖ failed attempts (4, BE)
///                     ‖ not before (8, BE, wall clock) ‖ failing since (8, BE, wall clock)
///                     ‖ misconduct (1) ‖ health (1) ‖ last audit (8, BE, wall clock)
///                     ‖ how the last dial failed (1; zero: it did not)
///                     ‖ negentropy (1; 0 not known, 1 it reconciles, 2 not before: ‖ 8, BE, wall clock, zero in the other cases)
///                     ‖ length of the URL (2, BE) ‖ the URL ‖ length of the last failure (2, BE) ‖ what it was, for the operator
///                     ‖ nothing more, or what the relay says of itself:
///                     when it said so (8, BE, wall clock) ‖ ``UpstreamInformation/rowBytes``
///
/// A relay row of version 4 says nothing of negentropy; one of version 3 does not say how the last dial failed; one of version 2 ends after "last audit" with the
/// URL, one of version 1 after "not before". They are read, and written as version 5 when they change.
///
/// One row of the relay table, of key zero, says what is followed: 0xF1 ‖ 16 bytes of SHA-256(authority, archive patterns).
///
/// One, of key zero with a last byte of one, says who has spent what of the new relays of a day; see
/// ``SyncLimits/spendersKept``: 0xF2 ‖ days since 1970 (8, BE) ‖ for each owner their key (32) ‖ how many (4, BE).
///
/// A cursor row exists once its item was complete; a moment that is not known is written as zero. What a relay row
/// says of its items is later news, but for items whose cursor is of version 2: they stayed behind.
public struct SyncRow: Hashable, Sendable {
    public enum Table: Hashable, Sendable, CaseIterable { case cursor, relay }

    /// Where a row stands: of two with one place the later is true.
    package struct Place: Hashable, Sendable {
        let table: Table
        let key: [UInt8]
    }

    public let table: Table
    public let key: [UInt8]
    /// `nil` deletes the row.
    public let value: [UInt8]?

    package var place: Place { Place(table: table, key: key) }

    public init(table: Table, key: [UInt8], value: [UInt8]?) {
        self.table = table
        self.key = key
        self.value = value
    }
}

/// What a row of the relay table says.
package struct RelayRow: Hashable, Sendable {
    package var relay: RelayURL
    package var coveredUntil: Timestamp?
    var attempts: Int
    var notBefore: Timestamp?
    var failures = FailureRecord()
    /// How the last dial failed; `nil` if it did not.
    var lastDial: DialFailure?
    var lastAudit: Timestamp?
    var negentropy = NegentropySupport.unknown
    /// What went wrong last, for the operator.
    var lastFailure: String?
    var information: UpstreamInformation?
    /// When it said so.
    var informedAt: Timestamp?
}

/// What a row of the cursor table says.
package struct CursorRow: Hashable, Sendable {
    package var item: SyncItem
    /// `nil` deletes the row.
    package var coveredUntil: Timestamp?
    package var isBehind = false
}

extension SyncRow {
    private static let relayVersion: UInt8 = 5
    /// **Bytes** of the last failure that are kept.
    private static let failureLengthMax = 256
    /// By the number that is written.
    private static let verdicts: [RelayHealth] = [
        .healthy, .degraded, .dead, .misbehaving, .refused, .rateLimited,
    ]
    /// By the number that is written, less one.
    private static let dialFailures: [DialFailure] = [
        .refused, .dns, .tcp, .tls, .protocolError, .timeout, .http, .busy, .other,
    ]

    package static func relayKey(_ relay: RelayURL) -> [UInt8] { digest(Array(relay.text.utf8)) }

    /// The cursors of one relay, in the order of their keys.
    static func cursors(of relay: RelayURL, _ cursors: [CursorRow]) -> [SyncRow] {
        let relayKey = relayKey(relay)
        var rows: [(digest: Bytes32, value: [UInt8]?)] = cursors.map { cursor in
            var value = [cursor.isBehind ? 2 : 1] + bigEndian(cursor.coveredUntil?.seconds ?? 0)
            value += encoded(cursor.item)
            let digest = SHA256.digest(value.span.extracting(9...))
            return (digest, cursor.coveredUntil == nil ? nil : value)
        }
        rows.sort { $0.digest < $1.digest }
        return rows.map {
            SyncRow(table: .cursor, key: relayKey + $0.digest.bytes.prefix(16), value: $0.value)
        }
    }

    static func relay(_ row: RelayRow) -> SyncRow {
        let url = Array(row.relay.text.utf8)
        let failure = Array((row.lastFailure ?? "").utf8.prefix(failureLengthMax))
        var value =
            [relayVersion] + bigEndian(row.coveredUntil?.seconds ?? 0)
            + bigEndian(Int32(clamping: row.attempts)) + bigEndian(row.notBefore?.seconds ?? 0)
            + bigEndian(row.failures.since?.seconds ?? 0) + [UInt8(clamping: row.failures.misconduct)]
            + [UInt8(verdicts.firstIndex(of: row.failures.verdict) ?? 0)]
            + bigEndian(row.lastAudit?.seconds ?? 0)
        let lastDial = row.lastDial.flatMap(dialFailures.firstIndex).map { $0 + 1 } ?? 0
        value +=
            [UInt8(lastDial)] + bytes(of: row.negentropy) + bigEndian(UInt16(clamping: url.count)) + url
            + bigEndian(UInt16(failure.count)) + failure
        if let information = row.information {
            value += bigEndian(row.informedAt?.seconds ?? 0) + information.rowBytes
        }
        return SyncRow(table: .relay, key: relayKey(row.relay), value: value)
    }

    /// The row that says what is followed; its key is no relay's.
    static let followRulesKey = [UInt8](repeating: 0, count: 16)
    private static let followRulesVersion: UInt8 = 0xF1

    static func followRules(_ rules: [String]) -> SyncRow {
        let text = Array(rules.joined(separator: "\u{0}").utf8)
        return SyncRow(table: .relay, key: followRulesKey, value: [followRulesVersion] + digest(text))
    }

    static func forgetting(_ relay: RelayURL) -> SyncRow {
        SyncRow(table: .relay, key: relayKey(relay), value: nil)
    }

    /// - Returns: `nil` for a row that another version wrote, or that is damaged.
    package var asRelay: RelayRow? {
        guard table == .relay, let value, let version = value.first, (1...Self.relayVersion).contains(version)
        else { return nil }
        let header = version == 1 ? 21 : version < 4 ? 39 : version < 5 ? 40 : 49
        guard value.count > header else { return nil }
        var rest = value[header...]
        var (url, failure) = (rest, ArraySlice<UInt8>())
        if version >= 3 {
            guard let first = Self.counted(&rest), let second = Self.counted(&rest) else { return nil }
            (url, failure) = (first, second)
        } else {
            rest = []
        }
        guard let relay = try? RelayURL(String(decoding: url, as: UTF8.self)), key == Self.relayKey(relay)
        else { return nil }
        var row = RelayRow(
            relay: relay, coveredUntil: Self.moment(value[1..<9]),
            attempts: Int(clamping: Self.number(value[9..<13])), notBefore: Self.moment(value[13..<21]))
        guard version > 1 else { return row }
        row.failures = FailureRecord(
            since: Self.moment(value[21..<29]), misconduct: Int(value[29]),
            verdict: Self.verdicts.indices.contains(Int(value[30]))
                ? Self.verdicts[Int(value[30])] : .degraded)
        row.lastAudit = Self.moment(value[31..<39])
        if version < 4 {
            row.lastDial = row.failures.verdict == .refused ? .refused : nil
        } else if Self.dialFailures.indices.contains(Int(value[39]) - 1) {
            row.lastDial = Self.dialFailures[Int(value[39]) - 1]
        }
        if version >= 5 { row.negentropy = Self.support(value[40..<49]) }
        row.lastFailure = failure.isEmpty ? nil : String(decoding: failure, as: UTF8.self)
        guard !rest.isEmpty else { return row }
        guard rest.count > 8, let information = UpstreamInformation(rowBytes: rest.dropFirst(8)) else {
            return nil
        }
        row.information = information
        row.informedAt = Self.moment(rest.prefix(8))
        return row
    }

    /// - Returns: `nil` for a row that another version wrote, or that is damaged.
    package var asCursor: CursorRow? {
        guard table == .cursor, let value, value.count > 9, value[0] == 1 || value[0] == 2,
            let coveredUntil = Self.moment(value[1..<9]), let item = Self.item(value[9...]),
            key.count == 32, Array(key[16...]) == Self.digest(Array(value[9...]))
        else { return nil }
        return CursorRow(item: item, coveredUntil: coveredUntil, isBehind: value[0] == 2)
    }

    // MARK: Bytes

    private static func bytes(of support: NegentropySupport) -> [UInt8] {
        switch support {
        case .unknown: [0] + bigEndian(Int64(0))
        case .works: [1] + bigEndian(Int64(0))
        case .fails(let until): [2] + bigEndian(until.seconds)
        }
    }

    private static func support(_ bytes: ArraySlice<UInt8>) -> NegentropySupport {
        switch bytes.first {
        case 1: .works
        case 2: moment(bytes.dropFirst()).map { .fails(until: $0) } ?? .unknown
        default: .unknown
        }
    }

    private static func digest(_ bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.digest(bytes.span).bytes.prefix(16))
    }

    private static func encoded(_ item: SyncItem) -> [UInt8] {
        let family = [UInt8(item.family.rawValue)]
        return switch item {
        case .announcements: family
        case .repository(let address): family + address.text.bytes
        case .root(let id), .comment(let id): family + id.bytes.bytes
        case .deletions(let author): family + author.bytes.bytes
        case .reference(.event(let id)): family + id.bytes.bytes
        case .reference(.address(let address)): family + address.text.bytes
        }
    }

    private static func item(_ bytes: ArraySlice<UInt8>) -> SyncItem? {
        guard let first = bytes.first, let family = SyncItem.Family(rawValue: Int(first)) else { return nil }
        let rest = Array(bytes.dropFirst())
        switch family {
        case .announcements: return rest.isEmpty ? .announcements : nil
        case .repository: return EventAddress(TagValue(bytes: rest)).map { .repository($0) }
        case .root: return Bytes32(rest).map { .root(EventID($0)) }
        case .comment: return Bytes32(rest).map { .comment(EventID($0)) }
        case .deletions: return Bytes32(rest).map { .deletions(PublicKey($0)) }
        case .reference: return nil
        }
    }

    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        let unsigned = UInt64(truncatingIfNeeded: value)
        return stride(from: value.bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: unsigned >> UInt64($0))
        }
    }

    /// Takes away a length (2, BE) and as many bytes, which it returns.
    private static func counted(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let length = Int(number(bytes.prefix(2)))
        guard bytes.count >= 2 + length else { return nil }
        defer { bytes = bytes.dropFirst(2 + length) }
        return bytes.dropFirst(2).prefix(length)
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func moment(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
        let seconds = Int64(truncatingIfNeeded: number(bytes))
        return seconds > 0 ? Timestamp(seconds) : nil
    }
}
