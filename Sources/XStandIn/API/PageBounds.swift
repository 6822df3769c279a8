// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which part of a list a request asks for.
struct PageBounds {
    /// Posts above this one.
    var low: XPostID = 0
    /// Posts below this one.
    var high: XPostID = .max
    var token: PageToken?
    /// Posts of one page.
    var count: Int

    /// Reads `max_results`, `since_id`, `until_id`, `start_time`, `end_time` and the token.
    init(
        _ call: Call, counts: ClosedRange<Int>, usually: Int, list: String, words: Words = .tweet
    ) throws(Problem) {
        count = usually
        if let text = call.value("max_results") {
            guard let number = Int(text), counts.contains(number) else {
                throw .invalid(
                    [("max_results", text)],
                    "The `max_results` query parameter value [\(text)] is not between \(counts.lowerBound) and \(counts.upperBound)",
                    words)
            }
            count = number
        }
        try readIDs(call, words)
        try readTimes(call, words)
        for name in ["pagination_token", "next_token"] {
            guard let text = call.value(name) else { continue }
            guard let token = PageToken(text, list: list) else {
                throw .invalid(
                    [(name, text)], "The `\(name)` query parameter value [\(text)] is not valid", words)
            }
            self.token = token
        }
    }

    private mutating func readIDs(_ call: Call, _ words: Words) throws(Problem) {
        for name in ["since_id", "until_id"] {
            guard let text = call.value(name) else { continue }
            guard let id = Snowflake.id(text) else {
                throw .invalid(
                    [(name, text)],
                    "The `\(name)` query parameter value [\(text)] does not match ^[0-9]{1,19}$", words)
            }
            if name == "since_id" { low = id } else { high = id }
        }
        let hasBoth =
            call.value("since_id") != nil && call.value("start_time") != nil
            || call.value("until_id") != nil && call.value("end_time") != nil
        if hasBoth {
            throw .invalid(
                call.query.filter { ["since_id", "until_id", "start_time", "end_time"].contains($0.name) },
                "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'.",
                words)
        }
    }

    private mutating func readTimes(_ call: Call, _ words: Words) throws(Problem) {
        for name in ["start_time", "end_time"] {
            guard let text = call.value(name) else { continue }
            guard let instant = XInstant(iso: text) else {
                throw .invalid(
                    [(name, text)],
                    "The `\(name)` query parameter value [\(text)] is not a valid RFC3339 date-time", words)
            }
            let first = Snowflake.firstID(at: instant)
            if name == "start_time" {
                low = max(low, first == 0 ? 0 : first - 1)
            } else {
                high = min(high, first)
            }
        }
    }
}
