// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Reads what client and relay messages have in common: an array that begins with a verb.
struct MessageScanner {
    var scanner: JSONScanner

    init(_ json: Span<UInt8>) { scanner = JSONScanner(json) }

    /// Moves past the opening bracket and the verb.
    mutating func verb(in json: Span<UInt8>) throws(JSONError) -> [UInt8] {
        try scanner.expect(UInt8(ascii: "["), in: json, or: "a message is an array")
        guard scanner.peek(in: json) == UInt8(ascii: "\"") else {
            throw JSONError("a message begins with its verb")
        }
        return try text(in: json)
    }

    /// Moves to the next element, which must be there.
    mutating func next(in json: Span<UInt8>) throws(JSONError) {
        guard try scanner.another(before: UInt8(ascii: "]"), in: json) else {
            throw JSONError("an element of the message is missing")
        }
    }

    /// Moves past the closing bracket; nothing else may follow.
    mutating func end(in json: Span<UInt8>) throws(JSONError) {
        guard try !scanner.another(before: UInt8(ascii: "]"), in: json) else {
            throw JSONError("the message holds too many elements")
        }
        try scanner.expectEnd(in: json)
    }

    /// Moves past any further elements and the closing bracket.
    mutating func tolerantEnd(in json: Span<UInt8>) throws(JSONError) {
        while try scanner.another(before: UInt8(ascii: "]"), in: json) { try scanner.skipValue(in: json) }
        try scanner.expectEnd(in: json)
    }

    /// Moves past a string; what it means.
    mutating func text(in json: Span<UInt8>) throws(JSONError) -> [UInt8] {
        JSONText.unescaped(json, try scanner.string(in: json).range)
    }

    /// Moves past a subscription id: 1 … 64 Unicode scalars.
    mutating func subscription(in json: Span<UInt8>) throws(JSONError) -> SubscriptionID {
        guard scanner.peek(in: json) == UInt8(ascii: "\"") else {
            throw JSONError("a subscription id is a string")
        }
        guard let subscription = SubscriptionID(checking: try text(in: json)) else {
            throw JSONError("a subscription id has 1 to 64 characters")
        }
        return subscription
    }
}

extension SubscriptionID {
    /// - Returns: `nil` unless the UTF-8 holds 1 … ``CodecLimits/maxSubscriptionIDLength`` characters, where
    ///   a character is a Unicode scalar: every language counts those alike.
    public init?(checking bytes: [UInt8]) {
        let scalars = bytes.count { $0 & 0xC0 != 0x80 }
        guard 1...CodecLimits.maxSubscriptionIDLength ~= scalars else { return nil }
        self.init(TagValue(bytes: bytes))
    }
}

extension [UInt8] {
    /// Appends `["VERB","subscription",…]`; the elements are JSON already.
    mutating func appendMessage(
        _ verb: StaticString, _ subscription: SubscriptionID?, _ elements: [[UInt8]] = []
    ) {
        append(contentsOf: "[\"".utf8)
        verb.withUTF8Buffer { append(contentsOf: $0) }
        append(UInt8(ascii: "\""))
        if let subscription {
            append(UInt8(ascii: ","))
            JSONText.appendQuoted(subscription.text.bytes, to: &self)
        }
        for element in elements {
            append(UInt8(ascii: ","))
            append(contentsOf: element)
        }
        append(UInt8(ascii: "]"))
    }
}

extension Filter {
    var jsonBytes: [UInt8] {
        var output: [UInt8] = []
        appendJSON(to: &output)
        return output
    }
}

extension TagValue {
    var jsonBytes: [UInt8] {
        var output: [UInt8] = []
        JSONText.appendQuoted(bytes, to: &output)
        return output
    }
}
