// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// `GET /2/tweets/search/recent`
    mutating func search(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow([
            "query", "max_results", "next_token", "pagination_token", "since_id", "until_id", "start_time",
            "end_time",
            "sort_order",
        ])
        let selection = try selection(call)
        let words = selection.words
        let query = try readQuery(call, words)
        let order = call.value("sort_order") ?? "recency"
        guard ["recency", "relevancy"].contains(order) else {
            throw .invalid(
                [("sort_order", order)],
                "The `sort_order` query parameter value [\(order)] is not one of [recency,relevancy]", words)
        }
        let list = "search \(call.value("query") ?? "")"
        var bounds = try PageBounds(call, counts: 10...100, usually: 10, list: list, words: words)
        let oldest = now - settings.searchWindow
        try checkWindow(call, oldest: oldest, words)
        bounds.low = max(bounds.low, Snowflake.firstID(at: oldest))
        if call.value("end_time") == nil {
            bounds.high = min(
                bounds.high, Snowflake.firstID(at: now - settings.searchDelay + .milliseconds(1)))
        }
        return answer(find(query, bounds, list, selection, credential))
    }

    private func find(
        _ query: SearchQuery, _ bounds: PageBounds, _ list: String, _ selection: Selection,
        _ credential: XCredential
    ) -> Rendered {
        let page = page(of: index.all, bounds, list: list) { post in
            guard let author = users[post.author], author.standing == .active, !author.isProtected else {
                return false
            }
            return query.matches(post, in: self)
        }
        return render(page, selection, credential)
    }

    private func readQuery(_ call: Call, _ words: Words) throws(Problem) -> SearchQuery {
        guard let text = call.value("query"), !text.isEmpty else {
            throw .invalid([("query", "")], "The `query` query parameter can not be empty", words)
        }
        let length = text.unicodeScalars.count
        guard length <= settings.queryLength else {
            throw .invalid(
                [("query", text)],
                "There were errors processing your request: Rule length exceeds the maximum of \(settings.queryLength) characters: \(length)",
                words)
        }
        do {
            return try SearchQuery(text)
        } catch {
            throw .invalid(
                [("query", text)],
                "There were errors processing your request: \(error.message) (at position 1)", words)
        }
    }

    /// A search only reaches back seven days, and says so to whoever asks for more.
    private func checkWindow(_ call: Call, oldest: XInstant, _ words: Words) throws(Problem) {
        let first = Snowflake.firstID(at: oldest)
        for name in ["since_id", "until_id"] {
            guard let text = call.value(name), let id = Snowflake.id(text), id < first else { continue }
            throw .invalid(
                [(name, text)],
                "'\(name)' must be a tweet id created after \(oldest.isoToTheMinute). Please use a '\(name)' that is larger than \(first)",
                words)
        }
        if let text = call.value("start_time"), let start = XInstant(iso: text), start < oldest {
            throw .invalid(
                [("start_time", text)],
                "Invalid 'start_time':'\(text)'. 'start_time' must be on or after \(oldest.isoToTheMinute).",
                words)
        }
        if let text = call.value("end_time"), let end = XInstant(iso: text), now - .seconds(10) < end {
            throw .invalid(
                [("end_time", text)],
                "Invalid 'end_time':'\(text)'. 'end_time' must be a minimum of 10 seconds prior to the request time.",
                words)
        }
    }
}
