// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One page of a list, the newest post first.
struct PostList {
    var posts: [XPost] = []
    var next: String?
    var previous: String?
}

/// An answer, and what is billed for it.
struct Rendered {
    var json: JSON
    var posts: [XPostID] = []
    var users: [XUserID] = []
    var includedPosts: [XPostID] = []
    var includedUsers: [XUserID] = []
}

extension XWorld {
    /// Cuts a page out of a list.
    ///
    /// - Parameters:
    ///   - ids: ascending.
    ///   - depth: the posts that the list gives in all, its newest.
    func page(
        of ids: [XPostID], _ bounds: PageBounds, list: String, depth: Int = .max, _ fits: (XPost) -> Bool
    ) -> PostList {
        let count = min(bounds.count, settings.postsPerPage ?? bounds.count)
        let isNewer = bounds.token?.direction == .newer
        let high = isNewer || bounds.token == nil ? bounds.high : min(bounds.high, bounds.token?.id ?? .max)
        let low = isNewer ? max(bounds.low, bounds.token?.id ?? 0) : bounds.low
        var found: [XPost] = []
        var (left, scanned, hasMore) = (depth, 0, false)
        // The depth is that of the whole list, so a shallow one is walked from its newest post.
        var place = depth == .max ? ids.place(of: high) : ids.count
        while place > 0, left > 0, scanned < limits.scannedPosts {
            place -= 1
            scanned += 1
            guard ids[place] > low else { break }
            guard let post = posts[ids[place]], fits(post) else { continue }
            left -= 1
            guard post.id < high else { continue }
            if !isNewer, found.count == count {
                hasMore = true
                break
            }
            found.append(post)
        }
        var page = PostList()
        page.posts = isNewer ? Array(found.suffix(count)) : found
        if hasMore || isNewer || settings.endsWithEmptyPage, let last = page.posts.last {
            page.next = PageToken(.older, last.id, list: list).text
        }
        if bounds.token != nil, !isNewer || found.count > count, let first = page.posts.first {
            page.previous = PageToken(.newer, first.id, list: list).text
        }
        return page
    }

    /// A list as it is answered, with what it refers to.
    ///
    /// - Parameter isBrief: the `meta` has no ids, as that of quotes.
    func render(_ page: PostList, _ selection: Selection, _ viewer: XCredential, isBrief: Bool = false)
        -> Rendered
    {
        let shaper = Shaper(world: self, selection: selection)
        var inclusion = Inclusion(self, selection, viewer)
        for post in page.posts { inclusion.add(post) }
        var json = ObjectBuilder()
        if !page.posts.isEmpty { json["data"] = .array(page.posts.map { shaper.post($0) }) }
        json["includes"] = inclusion.json(shaper)
        if !inclusion.errors.isEmpty { json["errors"] = .array(inclusion.errors) }
        var meta = ObjectBuilder()
        meta["next_token"] = page.next.map { .text($0) }
        meta["result_count"] = .number(Int64(page.posts.count))
        if !isBrief {
            meta["newest_id"] = page.posts.first.map { .id($0.id) }
            meta["oldest_id"] = page.posts.last.map { .id($0.id) }
            meta["previous_token"] = page.previous.map { .text($0) }
        }
        json["meta"] = meta.json
        return Rendered(
            json: json.json, posts: page.posts.map(\.id), includedPosts: inclusion.posts.map(\.id),
            includedUsers: inclusion.users.map(\.id))
    }

    /// Bills an answer and sends it.
    mutating func answer(_ rendered: Rendered, owned: Bool = false, status: Int = 200) -> XReply {
        for id in rendered.posts { bill(owned ? .ownedRead : .postRead, id) }
        for id in rendered.users { bill(.userRead, id) }
        if settings.money.billsIncludes {
            for id in rendered.includedPosts { bill(.postRead, id) }
            for id in rendered.includedUsers { bill(.userRead, id) }
        }
        return XReply(status, rendered.json)
    }
}
