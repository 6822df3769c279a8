// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Event {
    /// Reads one JSON object: strict about NIP-01's fields, tolerant of their order, of white space and of
    /// further fields, which are dropped. The seven fields may stand once each.
    public static func parse(_ json: Span<UInt8>) throws(EventError) -> ParsedEvent {
        var scanner = JSONScanner(json)
        do throws(JSONError) {
            let event = try parse(&scanner, in: json)
            try scanner.expectEnd(in: json)
            return event
        } catch {
            throw .malformed(error.reason)
        }
    }

    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(EventError) -> ParsedEvent { try parse(json.span) }

    /// Moves `scanner` past one event.
    static func parse(
        _ scanner: inout JSONScanner, in json: Span<UInt8>
    ) throws(JSONError) -> ParsedEvent {
        var parts = EventScanner()
        try parts.scan(&scanner, in: json)
        guard parts.tagStringsAreCanonical, parts.contentIsCanonical else {
            return ParsedEvent(
                event: parts.rewritten(in: json, keepingStrings: false),
                asWritten: parts.rewritten(in: json, keepingStrings: true))
        }
        return ParsedEvent(
            event: parts.tagsAreCompact
                ? parts.copied(from: json) : parts.rewritten(in: json, keepingStrings: true))
    }

    /// Takes bytes that are canonical already, from the store: finds the layout and checks little else.
    ///
    /// - Returns: `nil` when the bytes are not laid out so.
    public init?(canonical json: [UInt8]) {
        guard let (id, pubkey, layout) = EventLayout.find(in: json.span) else { return nil }
        self.init(id: id, pubkey: pubkey, layout: layout, json: json)
    }
}

extension EventLayout {
    /// Finds the parts of canonical JSON; `nil` when it is not laid out so.
    ///
    /// - Complexity: O(length of the tags).
    public static func find(in json: Span<UInt8>) -> (EventID, PublicKey, EventLayout)? {
        guard json.count >= minLength, let id = Hex.decode32(json, at: idDigits.lowerBound),
            let pubkey = Hex.decode32(json, at: pubkeyDigits.lowerBound)
        else { return nil }
        var scanner = JSONScanner(start: pubkeyDigits.upperBound, end: json.count)
        guard scanner.take("\",\"created_at\":", in: json),
            let seconds = try? scanner.integer(in: json, or: ""),
            scanner.take(",\"kind\":", in: json),
            let number = (try? scanner.integer(in: json, or: "")).flatMap({
                $0.flatMap(UInt16.init(exactly:))
            }),
            scanner.take(",\"tags\":", in: json)
        else { return nil }
        let tagsStart = scanner.position
        guard (try? scanner.skipValue(in: json)) != nil else { return nil }
        let tagsEnd = scanner.position
        let contentEnd = json.count - signatureFromEnd
        guard scanner.take(",\"content\":\"", in: json), scanner.position < contentEnd,
            json[contentEnd - 1] == UInt8(ascii: "\"")
        else { return nil }
        let layout = EventLayout(
            createdAt: Timestamp(seconds), kind: Kind(number), tagsStart: tagsStart, tagsEnd: tagsEnd,
            contentStart: scanner.position - 1, contentEnd: contentEnd)
        return (EventID(id), PublicKey(pubkey), layout)
    }

    /// The 128 digits of the signature, in canonical JSON of this length.
    static func signatureDigits(ofLength length: Int) -> Range<Int> { (length - 130)..<(length - 2) }

    /// `,"sig":"…128…"}`
    static let signatureFromEnd = 138
    /// `{"id":"…","pubkey":"…","created_at":0,"kind":0,"tags":[],"content":"","sig":"…"}`
    static let minLength = 333
}
