// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension RelayMessage {
    /// Reads one message: the whole text is one JSON array. Elements beyond those we know are passed over.
    /// Texts are cut to ``CodecLimits/maxTextLength``.
    public static func parse(_ json: Span<UInt8>) throws(RelayMessageError) -> RelayMessage {
        var reader = MessageScanner(json)
        // An event that cannot be read is told with the subscription that it came under.
        var subscription: SubscriptionID?
        do throws(JSONError) {
            let verb = String(decoding: try reader.verb(in: json), as: UTF8.self)
            if verb == "EVENT" {
                subscription = try reader.nextSubscription(in: json)
                try reader.next(in: json)
            }
            let message = try reader.message(verb, subscription, in: json)
            try reader.tolerantEnd(in: json)
            return message
        } catch {
            if let subscription { throw .badEvent(subscription, .malformed(error.reason)) }
            throw .unreadable(error.reason)
        }
    }

    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(RelayMessageError) -> RelayMessage {
        try parse(json.span)
    }

    /// Appends the message without white space.
    public func appendJSON(to output: inout [UInt8]) {
        switch self {
        case .event(let subscription, let event):
            output.appendMessage("EVENT", subscription, [event.sentJSON])
        case .ok(let id, let accepted, let message):
            let verdict = Array((accepted ? "true" : "false").utf8)
            output.appendMessage("OK", nil, [id.jsonBytes, verdict, TagValue(message).jsonBytes])
        case .endOfStoredEvents(let subscription, let hint):
            output.appendMessage(
                "EOSE", subscription, hint.map { [Array("[\"\($0.rawValue)\"]".utf8)] } ?? [])
        case .closed(let subscription, let message):
            output.appendMessage("CLOSED", subscription, [TagValue(message).jsonBytes])
        case .notice(let message): output.appendMessage("NOTICE", nil, [TagValue(message).jsonBytes])
        case .authChallenge(let challenge):
            output.appendMessage("AUTH", nil, [TagValue(challenge).jsonBytes])
        case .count(let subscription, let answer):
            output.appendMessage("COUNT", subscription, [answer.json])
        case .negentropyMessage(let subscription, let message):
            output.appendMessage("NEG-MSG", subscription, [message.jsonBytes])
        case .negentropyError(let subscription, let message, let most):
            output.appendMessage(
                "NEG-ERR", subscription,
                [TagValue(message).jsonBytes] + (most.map { [Array(String($0).utf8)] } ?? []))
        case .unknown(let verb):
            output.append(UInt8(ascii: "["))
            JSONText.appendQuoted(verb, to: &output)
            output.append(UInt8(ascii: "]"))
        }
    }
}

extension MessageScanner {
    /// Everything between the verb and the closing bracket.
    fileprivate mutating func message(
        _ verb: String, _ subscription: SubscriptionID?, in json: Span<UInt8>
    ) throws(JSONError) -> RelayMessage {
        if let subscription { return .event(subscription, try Event.parse(&scanner, in: json)) }
        switch verb {
        case "OK": return try ok(in: json)
        case "EOSE":
            let subscription = try nextSubscription(in: json)
            return .endOfStoredEvents(subscription, try optionalHint(in: json))
        case "CLOSED":
            return .closed(try nextSubscription(in: json), message: try optionalText(in: json))
        case "NOTICE": return .notice(try nextText(in: json))
        case "AUTH": return .authChallenge(try nextText(in: json))
        case "COUNT":
            let subscription = try nextSubscription(in: json)
            try next(in: json)
            return .count(subscription, try count(in: json))
        case "NEG-MSG":
            let subscription = try nextSubscription(in: json)
            try next(in: json)
            return .negentropyMessage(subscription, TagValue(bytes: try text(in: json)))
        case "NEG-ERR":
            let subscription = try nextSubscription(in: json)
            let message = try optionalText(in: json)
            return .negentropyError(subscription, message: message, most: try optionalNumber(in: json))
        default: return .unknown(Self.cut(Array(verb.utf8)))
        }
    }

    fileprivate mutating func nextSubscription(in json: Span<UInt8>) throws(JSONError) -> SubscriptionID {
        try next(in: json)
        return try subscription(in: json)
    }

    private mutating func ok(in json: Span<UInt8>) throws(JSONError) -> RelayMessage {
        try next(in: json)
        let id = TagValue(Self.cut(try text(in: json)))
        try next(in: json)
        let accepted = try scanner.boolean(in: json)
        return .ok(id, accepted: accepted, message: try optionalText(in: json))
    }

    /// `{"count":N,…}`
    private mutating func count(in json: Span<UInt8>) throws(JSONError) -> CountAnswer {
        var count: Int?
        var authors: HyperLogLog?
        guard scanner.take(UInt8(ascii: "{"), in: json) else { throw JSONError("a count is an object") }
        scanner.skipSpace(in: json)
        guard !scanner.take(UInt8(ascii: "}"), in: json) else { throw JSONError("a count is missing") }
        repeat {
            let key = try text(in: json)
            try scanner.expect(UInt8(ascii: ":"), in: json, or: "a colon is missing")
            if key == Array("count".utf8) {
                count = try scanner.integer(in: json, or: "a count is an integer").map(Int.init) ?? .max
            } else if key == Array("hll".utf8), scanner.peek(in: json) == UInt8(ascii: "\"") {
                let digits = try text(in: json)
                authors = Hex.decode(digits.span, count: HyperLogLog.registerCount)
                    .flatMap { HyperLogLog(registers: $0) }
            } else {
                try scanner.skipValue(in: json)
            }
        } while try scanner.another(before: UInt8(ascii: "}"), in: json)
        guard let count else { throw JSONError("a count is missing") }
        return CountAnswer(count, authors: authors)
    }

    private mutating func nextText(in json: Span<UInt8>) throws(JSONError) -> String {
        try next(in: json)
        return Self.cut(try text(in: json))
    }

    /// The text that should come next; some relays leave it out.
    private mutating func optionalText(in json: Span<UInt8>) throws(JSONError) -> String {
        scanner.skipSpace(in: json)
        return scanner.peek(in: json) == UInt8(ascii: ",") ? try nextText(in: json) : ""
    }

    /// The number that may come next; anything else in its place is passed over.
    private mutating func optionalNumber(in json: Span<UInt8>) throws(JSONError) -> Int? {
        scanner.skipSpace(in: json)
        guard scanner.peek(in: json) == UInt8(ascii: ",") else { return nil }
        try next(in: json)
        scanner.skipSpace(in: json)
        var ahead = scanner
        try scanner.skipValue(in: json)
        return (try? ahead.integer(in: json, or: "no number")).flatMap { $0 }.map(Int.init)
    }

    /// The first hint that we know in the list that may come next.
    private mutating func optionalHint(in json: Span<UInt8>) throws(JSONError) -> EndHint? {
        scanner.skipSpace(in: json)
        guard scanner.peek(in: json) == UInt8(ascii: ",") else { return nil }
        try next(in: json)
        guard scanner.peek(in: json) == UInt8(ascii: "[") else {
            try scanner.skipValue(in: json)
            return nil
        }
        _ = scanner.take(UInt8(ascii: "["), in: json)
        scanner.skipSpace(in: json)
        if scanner.take(UInt8(ascii: "]"), in: json) { return nil }
        var hint: EndHint?
        repeat {
            scanner.skipSpace(in: json)
            guard scanner.peek(in: json) == UInt8(ascii: "\"") else {
                try scanner.skipValue(in: json)
                continue
            }
            let word = String(decoding: try text(in: json), as: UTF8.self)
            hint = hint ?? EndHint(rawValue: word)
        } while try scanner.another(before: UInt8(ascii: "]"), in: json)
        return hint
    }

    /// At most ``CodecLimits/maxTextLength`` bytes, never half a character.
    private static func cut(_ bytes: [UInt8]) -> String {
        guard bytes.count > CodecLimits.maxTextLength else { return String(decoding: bytes, as: UTF8.self) }
        var end = CodecLimits.maxTextLength
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }
}
