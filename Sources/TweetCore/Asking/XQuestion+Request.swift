// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XQuestion {
    /// Ids or handles in one look-up.
    public static let lookupMax = 100
    /// **Characters** of a search on self-serve tiers.
    public static let searchLengthMax = 512

    /// Which limit it counts against.
    public var route: XRoute {
        switch self {
        case .timeline: .userPosts
        case .mentions: .userMentions
        case .search: .search
        case .quotes: .quotes
        case .posts: .posts
        case .users: .users
        case .handles: .usersByHandle
        case .me: .me
        }
    }

    /// What its answer lists.
    public var subject: PostPage.Subject {
        switch self {
        case .timeline, .mentions, .search, .quotes, .posts: .posts
        case .users, .handles, .me: .users
        }
    }

    /// The request that asks it.
    ///
    /// - Throws: ``XFailure/invalid(_:)`` for a look-up of none or of more than 100, and a search that is too long.
    public func request(in vocabulary: Vocabulary, for purpose: SpendPurpose) throws(XFailure) -> XRequest {
        let fields = XFields(vocabulary: vocabulary, isWhole: purpose.wantsWhole)
        switch self {
        case .timeline(let user, let range):
            return list("/2/users/\(user)/tweets", range, fields)
        case .mentions(let user, let range):
            return list("/2/users/\(user)/mentions", range, fields)
        case .search(let query, let range):
            guard !query.isEmpty, query.unicodeScalars.count <= Self.searchLengthMax else {
                throw .invalid("a search has 1 to \(Self.searchLengthMax) characters")
            }
            var request = list("/2/tweets/search/recent", range, fields)
            request.query.insert(XRequest.Item(name: "query", value: query), at: 0)
            return request
        case .quotes(let post, let range):
            // This route knows neither since_id nor until_id.
            return list(
                "/2/tweets/\(post)/quote_tweets", PageRange(token: range.token, size: range.size), fields)
        case .posts(let ids):
            return try lookup("/2/tweets", "ids", ids.map(\.description), fields.forPosts)
        case .users(let ids):
            return try lookup("/2/users", "ids", ids.map(\.description), fields.forUsers)
        case .handles(let handles):
            return try lookup("/2/users/by", "usernames", handles.map(\.text), fields.forUsers)
        case .me:
            return XRequest(.get, route, "/2/users/me", query: fields.forUsers)
        }
    }

    /// The sizes that a page of its list may have; `nil` for look-ups.
    public var pageSizes: ClosedRange<Int>? {
        switch self {
        case .timeline, .mentions: 5...100
        case .search, .quotes: 10...100
        case .posts, .users, .handles, .me: nil
        }
    }

    /// How many posts or accounts its answer lists at the most.
    public var listedMax: Int {
        switch self {
        case .timeline(_, let range), .mentions(_, let range), .search(_, let range), .quotes(_, let range):
            size(of: range)
        case .posts(let ids): ids.count
        case .users(let ids): ids.count
        case .handles(let handles): handles.count
        case .me: 1
        }
    }

    /// The same question for smaller pages; look-ups stay what they are.
    public func asking(for size: Int) -> XQuestion {
        func smaller(_ range: PageRange) -> PageRange {
            PageRange(since: range.since, until: range.until, token: range.token, size: size)
        }
        return switch self {
        case .timeline(let user, let range): .timeline(user, smaller(range))
        case .mentions(let user, let range): .mentions(user, smaller(range))
        case .search(let query, let range): .search(query, smaller(range))
        case .quotes(let post, let range): .quotes(of: post, smaller(range))
        case .posts, .users, .handles, .me: self
        }
    }

    private func size(of range: PageRange) -> Int {
        guard let sizes = pageSizes else { return range.size }
        return min(max(range.size, sizes.lowerBound), sizes.upperBound)
    }

    private func list(_ path: String, _ range: PageRange, _ fields: XFields) -> XRequest {
        var query = [XRequest.Item(name: "max_results", value: String(size(of: range)))]
        if let since = range.since { query.append(XRequest.Item(name: "since_id", value: since.description)) }
        if let until = range.until { query.append(XRequest.Item(name: "until_id", value: until.description)) }
        if let token = range.token { query.append(XRequest.Item(name: "pagination_token", value: token)) }
        return XRequest(.get, route, path, query: query + fields.forPosts)
    }

    private func lookup(
        _ path: String, _ name: String, _ values: [String], _ fields: [XRequest.Item]
    ) throws(XFailure) -> XRequest {
        guard (1...Self.lookupMax).contains(values.count) else {
            throw .invalid("a look-up has 1 to \(Self.lookupMax) entries")
        }
        return XRequest(
            .get, route, path,
            query: [XRequest.Item(name: name, value: values.joined(separator: ","))] + fields)
    }
}
