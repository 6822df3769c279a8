// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Event {
    /// Decoded copies; walks and allocates, so hot paths use ``TagScanner``.
    public var tags: [Tag] {
        var tags: [Tag] = []
        var scanner = TagScanner(layout)
        let span = json.span
        while let tag = scanner.next(in: span) { tags.append(Tag(tag.elements(in: span))) }
        return tags
    }

    /// Unescaped.
    public var content: String { String(decoding: contentBytes, as: UTF8.self) }

    /// Unescaped UTF-8.
    public var contentBytes: [UInt8] {
        JSONText.unescaped(json.span, (layout.contentStart + 1)..<(layout.contentEnd - 1))
    }

    /// The 64 bytes of the signature.
    public var signatureBytes: [UInt8] {
        Hex.decode(json.span.extracting(EventLayout.signatureDigits(ofLength: json.count)), count: 64)
            ?? [UInt8](repeating: 0, count: 64)
    }

    /// The first value of the first tag of that name; `nil` when there is no such tag or it has no value.
    public func firstValue(of name: TagValue) -> TagValue? {
        var scanner = TagScanner(layout)
        let span = json.span
        while let tag = scanner.next(in: span) {
            if tag.isNamed(name, in: span) { return tag.value(in: span) }
        }
        return nil
    }

    /// The first `d` tag's value, or empty.
    public var identifier: TagValue { layout.identifier(in: json.span) }

    /// Where it lives; `nil` unless its kind is replaceable or addressable.
    public var address: EventAddress? {
        if kind.isAddressable { return EventAddress(kind: kind, pubkey: pubkey, identifier: identifier) }
        return kind.isReplaceable ? EventAddress(kind: kind, pubkey: pubkey, identifier: "") : nil
    }

    // Made once: every event is asked for both.
    private static let expirationName: TagValue = "expiration"
    private static let protectedName: TagValue = "-"

    /// When it expires (NIP-40); `nil` when absent or not a plain number.
    public var expiration: Timestamp? {
        guard let digits = firstValue(of: Self.expirationName)?.bytes, !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int64(digit - 0x30))
            if overflow || carry { return .distantFuture }
            value = sum
        }
        return Timestamp(value)
    }

    /// Whether it carries `["-"]` (NIP-70).
    public var isProtected: Bool {
        var scanner = TagScanner(layout)
        let span = json.span
        while let tag = scanner.next(in: span) {
            if tag.isNamed(Self.protectedName, in: span) { return true }
        }
        return false
    }
}

extension EventLayout {
    /// The first `d` tag's value in an event's canonical bytes, or empty.
    public func identifier(in json: Span<UInt8>) -> TagValue {
        var tags = TagScanner(self)
        while let tag = tags.next(in: json) {
            if tag.letter(in: json) == UInt8(ascii: "d") { return tag.value(in: json) ?? TagValue(bytes: []) }
        }
        return TagValue(bytes: [])
    }

    /// The keys that an event's `p` tags name: whom a gift wrap is for (NIP-59).
    public func recipients(in json: Span<UInt8>) -> [PublicKey] {
        var recipients: [PublicKey] = []
        var tags = TagScanner(self)
        while let tag = tags.next(in: json) {
            guard tag.letter(in: json) == UInt8(ascii: "p"), let range = tag.value,
                let key = Hex.decode32(json.extracting(range))
            else { continue }
            recipients.append(PublicKey(key))
        }
        return recipients
    }
}

extension ScannedTag {
    /// Unescaped copies of all elements.
    public func elements(in json: Span<UInt8>) -> [TagValue] {
        var elements: [TagValue] = []
        var scanner = JSONScanner(start: range.lowerBound + 1, end: range.upperBound)
        while let element = scanner.trustedString(in: json) {
            elements.append(
                TagValue(
                    bytes: element.hasEscapes
                        ? JSONText.unescaped(json, element.range) : json.copy(of: element.range)))
            _ = scanner.take(UInt8(ascii: ","), in: json)
        }
        return elements
    }
}
