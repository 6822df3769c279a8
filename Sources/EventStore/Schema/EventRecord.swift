// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An event as its row holds it: a small header, then the canonical JSON, as it is or packed.
///
///     encoding 1 ‖ flags 1 ‖ kind 2 ‖ created_at 8 ‖ end of tags 4 ‖ [expiration 8, if flags & 1] ‖ body
///
/// Everything else that matching needs follows from these, the JSON being canonical.
struct EventRecord: ~Escapable {
    let kind: Kind
    let createdAt: Timestamp
    let expiration: Timestamp?
    let tagsStart: Int
    let tagsEnd: Int
    /// **Bytes** of the JSON.
    let jsonCount: Int
    private let body: Span<UInt8>
    private let isPacked: Bool

    /// The body is the JSON as it is.
    static let plain: UInt8 = 1
    /// The body is a ``PackedEvent``.
    static let packed: UInt8 = 2
    private static let hasExpiration: UInt8 = 1

    /// - Throws: ``StoreError/wrongFormat(_:)`` for an encoding that this version does not know.
    @_lifetime(copy row)
    init(_ row: Span<UInt8>) throws(StoreError) {
        guard row.count >= 16 else { throw .corrupt("a record of \(row.count) bytes") }
        guard row[0] == Self.plain || row[0] == Self.packed else {
            throw .wrongFormat("a record of encoding \(row[0]) needs a newer version")
        }
        isPacked = row[0] == Self.packed
        let expires = row[1] & Self.hasExpiration != 0
        let start = expires ? 24 : 16
        guard row.count >= start + (isPacked ? PackedEvent.headBytes : 0) else {
            throw .corrupt("a record of \(row.count) bytes")
        }
        kind = Kind(row.quarter(at: 2))
        createdAt = Timestamp(Int64(clamping: row.word(at: 4)))
        tagsStart = 162 + Self.digits(createdAt.seconds) + 8 + Self.digits(Int64(kind.rawValue)) + 8
        tagsEnd = Int(row.half(at: 12))
        jsonCount = isPacked ? Int(row.half(at: start)) : row.count - start
        // Brackets, and the quotes of the content: whoever reads the parts need not look again.
        guard tagsStart + 2 <= tagsEnd, tagsEnd + 13 <= jsonCount - Self.tailBytes else {
            throw .corrupt("a record of \(row.count) bytes")
        }
        expiration = expires ? Timestamp(Int64(clamping: row.word(at: 16))) : nil
        body = row.extracting(start..<row.count)
    }

    /// Makes the row of an event in two pieces, the second in place of what `body` held.
    ///
    /// - Returns: the first of them.
    static func pack(_ event: Event, expiration: Timestamp?, body: inout [UInt8]) -> Key {
        guard PackedEvent.pack(event, into: &body) else {
            body = event.json
            return header(of: event, expiration: expiration)
        }
        return header(of: event, expiration: expiration, encoding: packed)
    }

    /// The header of a row.
    static func header(of event: Event, expiration: Timestamp?, encoding: UInt8 = plain) -> Key {
        var header = Key()
        header.append(UInt16(encoding) << 8 | UInt16(expiration == nil ? 0 : hasExpiration))
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
            contentEnd: jsonCount - Self.tailBytes)
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

    /// The JSON, where it lies or unpacked.
    @_lifetime(copy self)
    func text() throws(StoreError) -> RecordText {
        guard isPacked else { return RecordText(body) }
        guard let json = PackedEvent.unpack(body, layout, count: jsonCount) else {
            throw .corrupt("a record that does not make \(jsonCount) bytes")
        }
        return RecordText(body, unpacked: json)
    }

    func id() throws(StoreError) -> EventID {
        EventID(try bytes32(EventLayout.idDigits, packedAt: PackedEvent.id))
    }

    func pubkey() throws(StoreError) -> PublicKey {
        PublicKey(try bytes32(EventLayout.pubkeyDigits, packedAt: PackedEvent.pubkey))
    }

    private func bytes32(_ digits: Range<Int>, packedAt place: Int) throws(StoreError) -> Bytes32 {
        if isPacked {
            return Bytes32(
                words: (
                    body.word(at: place), body.word(at: place + 8), body.word(at: place + 16),
                    body.word(at: place + 24)
                ))
        }
        guard body.count > digits.upperBound, let bytes = Hex.decode32(body.extracting(digits)) else {
            throw .corrupt("a record without its id or its key")
        }
        return bytes
    }

    func hasExpired(at now: Timestamp) -> Bool { expiration.map { $0 <= now } ?? false }

    func header() throws(StoreError) -> EventHeader {
        EventHeader(
            id: try id(), pubkey: try pubkey(), layout: layout, expiration: expiration,
            rowBytes: body.count + (expiration == nil ? 16 : 24))
    }

    /// A copy that outlives the transaction.
    func event() throws(StoreError) -> Event {
        Event(id: try id(), pubkey: try pubkey(), layout: layout, json: try text().copied())
    }
}

/// The canonical JSON of a record: where it lies, or as it was unpacked.
struct RecordText: ~Escapable {
    private let lying: Span<UInt8>
    private let unpacked: [UInt8]?

    @_lifetime(copy lying)
    init(_ lying: Span<UInt8>, unpacked: [UInt8]? = nil) {
        self.lying = lying
        self.unpacked = unpacked
    }

    var json: Span<UInt8> {
        @_lifetime(borrow self) get {
            if let unpacked { return _overrideLifetime(unpacked.span, borrowing: self) }
            return _overrideLifetime(lying, borrowing: self)
        }
    }

    /// A copy that outlives the transaction.
    func copied() -> [UInt8] { unpacked ?? lying.withUnsafeBufferPointer { Array($0) } }
}
