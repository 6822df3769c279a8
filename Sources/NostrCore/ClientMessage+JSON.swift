// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension ClientMessage {
    /// Reads one message: the whole text is one JSON array.
    public static func parse(_ json: Span<UInt8>) throws(ClientMessageError) -> ClientMessage {
        var reader = MessageScanner(json)
        let verb: [UInt8]
        do throws(JSONError) { verb = try reader.verb(in: json) } catch { throw .unreadable(error.reason) }
        switch String(decoding: verb, as: UTF8.self) {
        case "EVENT": return .event(try reader.event(in: json))
        case "REQ":
            let (subscription, filters) = try reader.request(in: json)
            return .request(subscription, filters)
        case "COUNT":
            let (subscription, filters) = try reader.request(in: json)
            return .count(subscription, filters)
        case "CLOSE": return .close(try reader.lastSubscription(in: json))
        case "AUTH": return .authenticate(try reader.event(in: json))
        case "NEG-OPEN": return try reader.negentropyOpen(in: json)
        case "NEG-MSG": return try reader.negentropyMessage(in: json)
        case "NEG-CLOSE": return .negentropyClose(try reader.lastSubscription(in: json))
        default: throw .unreadable("the message's verb is unknown")
        }
    }

    /// The same for an array.
    public static func parse(_ json: [UInt8]) throws(ClientMessageError) -> ClientMessage {
        try parse(json.span)
    }

    /// Appends the message without white space.
    public func appendJSON(to output: inout [UInt8]) {
        switch self {
        case .event(let event): output.appendMessage("EVENT", nil, [event.sentJSON])
        case .request(let subscription, let filters):
            output.appendMessage("REQ", subscription, filters.map(\.jsonBytes))
        case .count(let subscription, let filters):
            output.appendMessage("COUNT", subscription, filters.map(\.jsonBytes))
        case .close(let subscription): output.appendMessage("CLOSE", subscription)
        case .authenticate(let event): output.appendMessage("AUTH", nil, [event.sentJSON])
        case .negentropyOpen(let subscription, let filter, let message):
            output.appendMessage("NEG-OPEN", subscription, [filter.jsonBytes, message.jsonBytes])
        case .negentropyMessage(let subscription, let message):
            output.appendMessage("NEG-MSG", subscription, [message.jsonBytes])
        case .negentropyClose(let subscription): output.appendMessage("NEG-CLOSE", subscription)
        }
    }
}

extension MessageScanner {
    /// The event of an `EVENT` or `AUTH`, and the end.
    fileprivate mutating func event(in json: Span<UInt8>) throws(ClientMessageError) -> ParsedEvent {
        var start = scanner
        do throws(JSONError) {
            try next(in: json)
            start = scanner
            let event = try Event.parse(&scanner, in: json)
            try end(in: json)
            return event
        } catch {
            throw .badEvent(id: Self.claimedID(from: start, in: json), reason: error.reason)
        }
    }

    /// The rest of a `REQ` or `COUNT`.
    fileprivate mutating func request(
        in json: Span<UInt8>
    ) throws(ClientMessageError) -> (SubscriptionID, [Filter]) {
        let subscription = try firstSubscription(in: json)
        do throws(FilterError) {
            var filters: [Filter] = []
            var budget = CodecLimits.maxFilterElements
            while try another(in: json) {
                guard filters.count < CodecLimits.maxFilters else {
                    throw .invalid("there are too many filters")
                }
                filters.append(try FilterScanner.filter(&scanner, in: json, budget: &budget))
            }
            guard !filters.isEmpty else { throw .invalid("a filter is missing") }
            return (subscription, filters)
        } catch {
            throw .badRequest(subscription, error)
        }
    }

    fileprivate mutating func negentropyOpen(in json: Span<UInt8>) throws(ClientMessageError) -> ClientMessage
    {
        let subscription = try firstSubscription(in: json)
        do throws(FilterError) {
            guard try another(in: json) else { throw .invalid("a filter is missing") }
            var budget = CodecLimits.maxFilterElements
            let filter = try FilterScanner.filter(&scanner, in: json, budget: &budget)
            return .negentropyOpen(subscription, filter, try lastMessage(in: json))
        } catch {
            throw .badNegentropy(subscription, error)
        }
    }

    fileprivate mutating func negentropyMessage(
        in json: Span<UInt8>
    ) throws(ClientMessageError) -> ClientMessage {
        let subscription = try firstSubscription(in: json)
        do throws(FilterError) {
            return .negentropyMessage(subscription, try lastMessage(in: json))
        } catch {
            throw .badNegentropy(subscription, error)
        }
    }

    fileprivate mutating func lastSubscription(
        in json: Span<UInt8>
    ) throws(ClientMessageError) -> SubscriptionID {
        let subscription = try firstSubscription(in: json)
        do throws(JSONError) { try end(in: json) } catch { throw .unreadable(error.reason) }
        return subscription
    }

    private mutating func firstSubscription(
        in json: Span<UInt8>
    ) throws(ClientMessageError) -> SubscriptionID {
        do throws(JSONError) {
            try next(in: json)
            return try subscription(in: json)
        } catch {
            throw .unreadable(error.reason)
        }
    }

    private mutating func another(in json: Span<UInt8>) throws(FilterError) -> Bool {
        do throws(JSONError) {
            if try scanner.another(before: UInt8(ascii: "]"), in: json) { return true }
            try scanner.expectEnd(in: json)
            return false
        } catch {
            throw .invalid(error.reason)
        }
    }

    private mutating func lastMessage(in json: Span<UInt8>) throws(FilterError) -> TagValue {
        do throws(JSONError) {
            try next(in: json)
            let message = try text(in: json)
            try end(in: json)
            return TagValue(bytes: message)
        } catch {
            throw .invalid(error.reason)
        }
    }

    /// Whatever string stands under `id` in an event that could not be read.
    private static func claimedID(from start: JSONScanner, in json: Span<UInt8>) -> TagValue? {
        var scanner = start
        scanner.skipSpace(in: json)
        guard scanner.take(UInt8(ascii: "{"), in: json) else { return nil }
        do throws(JSONError) {
            repeat {
                scanner.skipSpace(in: json)
                let key = try scanner.string(in: json)
                try scanner.expect(UInt8(ascii: ":"), in: json, or: "")
                if EventField(key, in: json) == .id {
                    let value = try scanner.string(in: json).range
                    guard value.count <= CodecLimits.maxEchoedIDLength else { return nil }
                    return TagValue(bytes: JSONText.unescaped(json, value))
                }
                try scanner.skipValue(in: json)
            } while try scanner.another(before: UInt8(ascii: "}"), in: json)
            return nil
        } catch {
            return nil
        }
    }
}
