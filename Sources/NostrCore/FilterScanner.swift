// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Reads a filter's fields (NIP-01).
struct FilterScanner {
    private var filter = Filter()
    /// How many more list elements this message may hold.
    private var budget: Int
    private var seen: Set<[UInt8]> = []
    /// What `&x` asks for, until everything has been read.
    private var allTags: [(letter: UInt8, values: [TagValue])] = []

    /// Moves `scanner` past one filter and takes its elements off `budget`.
    static func filter(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, budget: inout Int
    ) throws(FilterError) -> Filter {
        var reader = FilterScanner(budget: budget)
        do throws(JSONError) {
            try reader.scan(&scanner, in: json)
        } catch {
            throw error.isUnsupported ? .unsupported(error.reason) : .invalid(error.reason)
        }
        budget = reader.budget
        return reader.filter
    }

    private init(budget: Int) { self.budget = budget }

    private mutating func scan(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) {
        scanner.skipSpace(in: json)
        guard scanner.take(UInt8(ascii: "{"), in: json) else { throw JSONError("a filter is an object") }
        scanner.skipSpace(in: json)
        if scanner.take(UInt8(ascii: "}"), in: json) { return }
        repeat {
            let key = try scanner.string(in: json)
            let name = JSONText.unescaped(json, key.range)
            try scanner.expect(UInt8(ascii: ":"), in: json, or: "a colon is missing")
            guard seen.insert(name).inserted else { throw JSONError("a filter field stands twice") }
            try field(name, &scanner, in: json)
        } while try scanner.another(before: UInt8(ascii: "}"), in: json)
        filter.tags.sort { $0.letter < $1.letter }
        for (letter, values) in allTags {
            guard filter.tags.count + values.count <= CodecLimits.maxTagConditions else {
                throw JSONError("a filter asks for too many tags at once")
            }
            filter.require(all: values, of: letter)
        }
    }

    private mutating func field(
        _ name: [UInt8], _ scanner: inout JSONScanner, in json: Span<UInt8>
    ) throws(JSONError) {
        if name.first == UInt8(ascii: "#") || name.first == UInt8(ascii: "&") {
            return try tagCondition(name, &scanner, in: json)
        }
        switch String(decoding: name, as: UTF8.self) {
        case "ids":
            let reason: StaticString = "ids are 64 lower-case hex digits"
            filter.ids = try list(&scanner, in: json, or: "ids is not a list") { scanner throws(JSONError) in
                EventID(try Self.hex32(&scanner, in: json, or: reason))
            }
        case "authors":
            let reason: StaticString = "authors are 64 lower-case hex digits"
            filter.authors = try list(&scanner, in: json, or: "authors is not a list") {
                scanner throws(JSONError) in PublicKey(try Self.hex32(&scanner, in: json, or: reason))
            }
        case "kinds":
            filter.kinds = try list(&scanner, in: json, or: "kinds is not a list") {
                scanner throws(JSONError) in try Self.kind(&scanner, in: json)
            }
        case "since": filter.since = try Self.timestamp(&scanner, in: json, or: "since is not a timestamp")
        case "until": filter.until = try Self.timestamp(&scanner, in: json, or: "until is not a timestamp")
        case "limit":
            let value = try scanner.integer(in: json, or: "limit is not a number from 0")
            filter.limit = value.map(Int.init) ?? .max
        case "search": try search(&scanner, in: json)
        default: throw JSONError("a filter field is unknown", isUnsupported: true)
        }
    }

    private mutating func search(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) {
        guard scanner.peek(in: json) == UInt8(ascii: "\"") else { throw JSONError("search is not a string") }
        let text = try scanner.string(in: json)
        do throws(FilterError) {
            filter.search = try SearchQuery(TagValue(bytes: JSONText.unescaped(json, text.range)))
        } catch {
            throw JSONError("a search is too long")
        }
    }

    private mutating func tagCondition(
        _ name: [UInt8], _ scanner: inout JSONScanner, in json: Span<UInt8>
    ) throws(JSONError) {
        // `&x`, and `#x&` as some relays spell it.
        let isOfAll = name.first == UInt8(ascii: "&") || name.count == 3 && name[2] == UInt8(ascii: "&")
        guard name.count == (name.first == UInt8(ascii: "#") && isOfAll ? 3 : 2), ScannedTag.isLetter(name[1])
        else {
            throw JSONError("only tags of a single letter are indexed", isUnsupported: true)
        }
        let values = try list(&scanner, in: json, or: "a tag condition is not a list") {
            scanner throws(JSONError) in
            guard scanner.peek(in: json) == UInt8(ascii: "\"") else {
                throw JSONError("a tag value is not a string")
            }
            let value = try scanner.string(in: json)
            return TagValue(bytes: JSONText.unescaped(json, value.range))
        }
        if isOfAll { return allTags.append((name[1], values)) }
        filter.tags.append(Filter.TagCondition(letter: name[1], values: values))
    }

    /// Reads `[…]`, sorts it and drops what is there twice.
    private mutating func list<Value: Comparable>(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, or reason: StaticString,
        _ element: (inout JSONScanner) throws(JSONError) -> Value
    ) throws(JSONError) -> [Value] {
        guard scanner.take(UInt8(ascii: "["), in: json) else { throw JSONError(reason) }
        scanner.skipSpace(in: json)
        if scanner.take(UInt8(ascii: "]"), in: json) { return [] }
        var values: [Value] = []
        repeat {
            guard budget > 0 else { throw JSONError("the filters hold too many elements") }
            budget -= 1
            values.append(try element(&scanner))
        } while try scanner.another(before: UInt8(ascii: "]"), in: json)
        return Filter.sortedUnique(values)
    }

    private static func hex32(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, or reason: StaticString
    ) throws(JSONError) -> Bytes32 {
        guard let (_, bytes) = scanner.hex32(in: json) else { throw JSONError(reason) }
        return bytes
    }

    private static func kind(_ scanner: inout JSONScanner, in json: Span<UInt8>) throws(JSONError) -> Kind {
        let reason: StaticString = "kinds are integers from 0 to 65535"
        guard let value = try scanner.integer(in: json, or: reason), let number = UInt16(exactly: value)
        else { throw JSONError(reason) }
        return Kind(number)
    }

    private static func timestamp(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, or reason: StaticString
    ) throws(JSONError) -> Timestamp {
        guard let value = try scanner.integer(in: json, or: reason) else { throw JSONError(reason) }
        return Timestamp(value)
    }
}
