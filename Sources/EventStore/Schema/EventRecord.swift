// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An event as its row holds it: a small header, then the canonical JSON.
///
///     encoding 1 ‖ flags 1 ‖ kind 2 ‖ created_at 8 ‖ end of tags 4 ‖ [expiration 8, if flags & 1] ‖ JSON
///
/// Everything else that matching needs follows from these, the JSON being canonical.
struct EventRecord: ~Escapable {
    let kind: Kind
    let createdAt: Timestamp
    let expiration: Timestamp?
    let tagsStart: Int
    let tagsEnd: Int
    let json: Span<UInt8>

    /// The JSON as it is. Others, such as compressed, may follow without a change of format.
    static let plain: UInt8 = 1
    private static let hasExpiration: UInt8 = 1

    /// - Throws: ``StoreError/wrongFormat(_:)`` for an encoding that this version does not know.
    @_lifetime(copy row)
    init(_ row: Span<UInt8>) throws(StoreError) {
        guard row.count >= 16 else { throw .corrupt("a record of \(row.count) bytes") }
        guard row[0] == Self.plain else {
            throw .wrongFormat("a record of encoding \(row[0]) needs a newer version")
        }
        let expires = row[1] & Self.hasExpiration != 0
        let start = expires ? 24 : 16
        kind = Kind(row.quarter(at: 2))
        createdAt = Timestamp(Int64(clamping: row.word(at: 4)))
        tagsStart = 162 + Self.digits(createdAt.seconds) + 8 + Self.digits(Int64(kind.rawValue)) + 8
        tagsEnd = Int(row.half(at: 12))
        // Brackets, and the quotes of the content: whoever reads the parts need not look again.
        guard tagsStart + 2 <= tagsEnd, tagsEnd + 13 <= row.count - start - Self.tailBytes else {
            throw .corrupt("a record of \(row.count) bytes")
        }
        expiration = expires ? Timestamp(Int64(clamping: row.word(at: 16))) : nil
        json = row.extracting(start..<row.count)
    }

    /// The header of a row.
    static func header(of event: Event, expiration: Timestamp?) -> Key {
        var header = Key()
        header.append(UInt16(Self.plain) << 8 | UInt16(expiration == nil ? 0 : hasExpiration))
        header.append(event.kind.rawValue)
        header.append(UInt64(bitPattern: event.createdAt.seconds))
        header.append(UInt32(clamping: event.layout.tagsEnd))
        if let expiration { header.append(UInt64(bitPattern: expiration.seconds)) }
        return header
    }

    /// What follows the content and its closing quote: `,"sig":"`, 128 digits, `"}`.
    private static let tailBytes = 138

    var layout: EventLayout {
        EventLayout(
            createdAt: createdAt, kind: kind,
            tagsStart: tagsStart, tagsEnd: tagsEnd, contentStart: tagsEnd + 11,
            contentEnd: json.count - Self.tailBytes)
    }

    private static func digits(_ number: Int64) -> Int {
        // Any time of day from 2001 to 2286.
        if number >= 1_000_000_000, number < 10_000_000_000 { return 10 }
        var rest = number
        var digits = 1
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        return digits
    }

    func id() throws(StoreError) -> EventID { EventID(try bytes32(EventLayout.idDigits)) }
    func pubkey() throws(StoreError) -> PublicKey { PublicKey(try bytes32(EventLayout.pubkeyDigits)) }

    private func bytes32(_ digits: Range<Int>) throws(StoreError) -> Bytes32 {
        guard json.count > digits.upperBound, let bytes = Hex.decode32(json.extracting(digits)) else {
            throw .corrupt("a record without its id or its key")
        }
        return bytes
    }

    func hasExpired(at now: Timestamp) -> Bool { expiration.map { $0 <= now } ?? false }

    func header() throws(StoreError) -> EventHeader {
        EventHeader(id: try id(), pubkey: try pubkey(), layout: layout, expiration: expiration)
    }

    /// A copy that outlives the transaction.
    func event() throws(StoreError) -> Event {
        Event(
            id: try id(), pubkey: try pubkey(), layout: layout,
            json: json.withUnsafeBufferPointer { Array($0) })
    }
}
