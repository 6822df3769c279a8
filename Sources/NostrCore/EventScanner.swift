// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Finds and checks the seven fields of an event (NIP-01) in one walk over its JSON.
struct EventScanner {
    /// Where the object's `{` is, and one past its `}`.
    private(set) var object = 0..<0
    private(set) var id = 0
    private(set) var pubkey = 0
    private(set) var createdAt = 0..<0
    private(set) var kind = 0..<0
    /// Brackets included.
    private(set) var tags = 0..<0
    /// Quotes excluded.
    private(set) var content = 0..<0
    private(set) var signature = 0

    private(set) var idBytes = Bytes32(words: (0, 0, 0, 0))
    private(set) var pubkeyBytes = Bytes32(words: (0, 0, 0, 0))
    private(set) var createdAtSeconds: Int64 = 0
    private(set) var kindNumber: UInt16 = 0

    /// No white space between the tags' tokens.
    private(set) var tagsAreCompact = true
    /// Every string's escapes are the ones that NIP-01 writes.
    private(set) var tagStringsAreCanonical = true
    private(set) var contentIsCanonical = true

    /// One bit for each ``EventField`` met.
    private var seen: UInt8 = 0

    /// Moves `scanner` past one event.
    mutating func scan(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) {
        scanner.skipSpace(in: json)
        let start = scanner.position
        guard scanner.take(UInt8(ascii: "{"), in: json) else { throw JSONError("an event is an object") }
        scanner.skipSpace(in: json)
        if !scanner.take(UInt8(ascii: "}"), in: json) {
            repeat {
                let key = try scanner.string(in: json)
                try scanner.expect(UInt8(ascii: ":"), in: json, or: "a colon is missing")
                try field(EventField(key, in: json), &scanner, in: json)
            } while try scanner.another(before: UInt8(ascii: "}"), in: json)
        }
        guard seen == EventField.all else { throw JSONError("a field is missing") }
        object = start..<scanner.position
    }

    private mutating func field(
        _ field: EventField?, _ scanner: inout JSONScanner, in json: Span<UInt8>
    ) throws(JSONError) {
        guard let field else { return try scanner.skipValue(in: json) }
        guard seen & field.rawValue == 0 else { throw JSONError("a field stands twice") }
        seen |= field.rawValue
        switch field {
        case .id: (id, idBytes) = try Self.hex32(&scanner, in: json, or: "id is not 64 lower-case hex digits")
        case .pubkey:
            (pubkey, pubkeyBytes) = try Self.hex32(
                &scanner, in: json, or: "pubkey is not 64 lower-case hex digits")
        case .createdAt: try scanCreatedAt(&scanner, in: json)
        case .kind: try scanKind(&scanner, in: json)
        case .tags: try scanTags(&scanner, in: json)
        case .content:
            guard scanner.peek(in: json) == UInt8(ascii: "\"") else {
                throw JSONError("content is not a string")
            }
            let string = try scanner.string(in: json)
            content = string.range
            contentIsCanonical = string.isCanonical
        case .signature: try scanSignature(&scanner, in: json)
        }
    }

    private static func hex32(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, or reason: StaticString
    ) throws(JSONError) -> (Int, Bytes32) {
        guard let found = scanner.hex32(in: json) else { throw JSONError(reason) }
        return found
    }

    private mutating func scanSignature(
        _ scanner: inout JSONScanner, in json: Span<UInt8>
    ) throws(JSONError) {
        let start = scanner.position + 1
        guard start + 128 < scanner.end, json[start - 1] == UInt8(ascii: "\""),
            json[start + 128] == UInt8(ascii: "\"")
        else { throw JSONError("sig is not 128 lower-case hex digits") }
        var valid: UInt64 = .max
        for at in stride(from: start, to: start + 128, by: 8) {
            _ = Hex.decode8(JSONScanner.word(in: json, at: at), &valid)
        }
        guard valid == .max else { throw JSONError("sig is not 128 lower-case hex digits") }
        signature = start
        scanner.position = start + 129
    }

    private mutating func scanCreatedAt(
        _ scanner: inout JSONScanner, in json: Span<UInt8>
    ) throws(JSONError) {
        let start = scanner.position
        let reason: StaticString = "created_at is not an integer from 0 to 2^63 - 1"
        guard let value = try scanner.integer(in: json, or: reason) else { throw JSONError(reason) }
        createdAtSeconds = value
        createdAt = start..<scanner.position
    }

    private mutating func scanKind(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) {
        let start = scanner.position
        let reason: StaticString = "kind is not an integer from 0 to 65535"
        guard let value = try scanner.integer(in: json, or: reason), let number = UInt16(exactly: value)
        else { throw JSONError(reason) }
        kindNumber = number
        kind = start..<scanner.position
    }

    private mutating func scanTags(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) {
        let start = scanner.position
        guard scanner.take(UInt8(ascii: "["), in: json) else { throw JSONError("tags is not an array") }
        // What the tags would measure without white space.
        var length = 2
        scanner.skipSpace(in: json)
        if !scanner.take(UInt8(ascii: "]"), in: json) {
            length -= 1
            repeat {
                guard scanner.take(UInt8(ascii: "["), in: json) else {
                    throw JSONError("a tag is not an array")
                }
                length += 3 + (try scanTag(&scanner, in: json))
            } while try scanner.another(before: UInt8(ascii: "]"), in: json)
        }
        tags = start..<scanner.position
        tagsAreCompact = tags.count == length
    }

    /// Moves past one tag's elements and its `]`; what they measure without white space and brackets.
    @inline(__always)
    private mutating func scanTag(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) -> Int
    {
        scanner.skipSpace(in: json)
        if scanner.take(UInt8(ascii: "]"), in: json) { return 0 }
        var length = -1
        repeat {
            guard scanner.peek(in: json) == UInt8(ascii: "\"") else {
                throw JSONError("a tag holds something else than strings")
            }
            let string = try scanner.string(in: json)
            length += string.range.count + 3
            if !string.isCanonical { tagStringsAreCanonical = false }
        } while try scanner.another(before: UInt8(ascii: "]"), in: json)
        return length
    }
}
