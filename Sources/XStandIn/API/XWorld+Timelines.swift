// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    private static let timelineParameters: Set<String> = [
        "max_results", "pagination_token", "since_id", "until_id", "start_time", "end_time",
    ]

    /// `GET /2/users/:id/tweets`
    mutating func userPosts(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow(Self.timelineParameters.union(["exclude"]))
        let selection = try selection(call)
        let excluded = try exclusions(call, selection.words)
        let list = "posts \(call.parameter) \(excluded.sorted())"
        let bounds = try PageBounds(call, counts: 5...100, usually: 10, list: list, words: selection.words)
        guard let user = try reader(of: call.parameter, credential, selection.words) else {
            return unreadable(call.parameter, selection.words)
        }
        let depth = excluded.contains("replies") ? limits.shallowDepth : limits.timelineDepth
        let page = page(of: index.byAuthor[user.id] ?? [], bounds, list: list, depth: depth) { post in
            !Self.isExcluded(post, excluded)
        }
        return answer(render(page, selection, credential), owned: credential.user == user.id)
    }

    /// `GET /2/users/:id/mentions`
    mutating func mentions(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow(Self.timelineParameters)
        let selection = try selection(call)
        let list = "mentions \(call.parameter)"
        let bounds = try PageBounds(call, counts: 5...100, usually: 10, list: list, words: selection.words)
        guard let user = try reader(of: call.parameter, credential, selection.words) else {
            return unreadable(call.parameter, selection.words)
        }
        let page = page(of: index.mentioning[user.id] ?? [], bounds, list: list, depth: limits.shallowDepth) {
            post in
            users[post.author].map { canRead($0, credential) } ?? false
        }
        return answer(render(page, selection, credential), owned: credential.user == user.id)
    }

    /// `GET /2/tweets/:id/quote_tweets`
    mutating func quotes(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow(["max_results", "pagination_token", "exclude"])
        let selection = try selection(call)
        let excluded = try exclusions(call, selection.words)
        let list = "quotes \(call.parameter) \(excluded.sorted())"
        let bounds = try PageBounds(call, counts: 10...100, usually: 10, list: list, words: selection.words)
        let id = try postID(call.parameter, selection.words)
        if let refusal = refusal(ofPost: id, parameter: "id", credential, selection.words) {
            return XReply(settings.notFoundStatus, ["errors": [refusal]])
        }
        let page = page(of: index.quoting[id] ?? [], bounds, list: list) { post in
            !Self.isExcluded(post, excluded) && (users[post.author].map { canRead($0, credential) } ?? false)
        }
        return answer(render(page, selection, credential, isBrief: true))
    }

    func selection(_ call: Call, usersFirst: Bool = false) throws(Problem) -> Selection {
        try Selection(call.query, vocabulary: settings.vocabulary, usersFirst: usersFirst)
    }

    func postID(_ text: String, parameter: String = "id", _ words: Words) throws(Problem) -> XPostID {
        guard let id = Snowflake.id(text) else {
            throw .invalid(
                [(parameter, text)], "The `\(parameter)` query parameter value [\(text)] is not valid", words)
        }
        return id
    }

    private func exclusions(_ call: Call, _ words: Words) throws(Problem) -> Set<String> {
        let values = Set((call.value("exclude") ?? "").split(separator: ",").map(String.init))
        for value in values where !["replies", "retweets"].contains(value) {
            throw .invalid(
                [("exclude", value)],
                "The `exclude` query parameter value [\(value)] is not one of [replies,retweets]",
                words)
        }
        return values
    }

    private static func isExcluded(_ post: XPost, _ excluded: Set<String>) -> Bool {
        excluded.contains("replies") && post.reference(.repliedTo) != nil
            || excluded.contains("retweets") && post.reference(.reposted) != nil
    }

    /// The account whose posts are asked for, if they can be read.
    private func reader(of text: String, _ credential: XCredential, _ words: Words) throws(Problem) -> XUser?
    {
        guard let id = Snowflake.id(text) else {
            throw .invalid([("id", text)], "The `id` query parameter value [\(text)] is not valid", words)
        }
        return users[id].flatMap { canRead($0, credential) ? $0 : nil }
    }

    private func unreadable(_ text: String, _ words: Words) -> XReply {
        let id = Snowflake.id(text)
        if let refusal = refusal(ofUser: id, named: text, parameter: "id", section: "data", words) {
            return XReply(settings.notFoundStatus, ["errors": [refusal]])
        }
        return XReply(
            200, ["errors": .array(id.flatMap { users[$0] }.map { [protection(of: $0, words)] } ?? [])])
    }
}
