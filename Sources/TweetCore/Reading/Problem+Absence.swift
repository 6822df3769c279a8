// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Problem {
    /// Why the post or account that it speaks of is not to be had; `nil` when it is about something else.
    ///
    /// X gives suspended accounts the type `resource-not-found`, too: only title and detail tell them apart.
    public var absence: Absence? {
        let detail = detail.lowercased()
        if detail.contains("suspended") { return .suspended }
        if detail.contains("withheld") { return .withheld }
        switch type {
        case "not-authorized-for-resource": return .protected
        case "resource-not-found": return isForbidden ? .suspended : .deleted
        case "resource-unavailable", "disallowed-resource": return .unknown
        default: break
        }
        switch title {
        case "Not Found Error": return .deleted
        case "Authorization Error": return .protected
        default: return nil
        }
    }

    /// The post that it speaks of, and that is not to be had.
    public var post: PostID? {
        guard absence != nil, resource == "tweet" || resource == "post" || speaksOfPosts else { return nil }
        return value.flatMap { PostID($0) }
    }

    /// The account that it speaks of by its number.
    public var user: UserID? {
        guard absence != nil, resource == "user" else { return nil }
        return value.flatMap { UserID($0) }
    }

    private var isForbidden: Bool { title == "Forbidden" }

    private var speaksOfPosts: Bool {
        resource == nil
            && ["referenced_tweets.id", "referenced_posts.id", "referenced_posts", "ids", "id"].contains(
                parameter ?? "")
    }
}
