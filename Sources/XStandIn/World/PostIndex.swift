// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Lists of posts, each in ascending order of ids. Newest versions only.
struct PostIndex: Sendable {
    private(set) var all: [XPostID] = []
    private(set) var byAuthor: [XUserID: [XPostID]] = [:]
    /// Who is named in a post, or answered by it.
    private(set) var mentioning: [XUserID: [XPostID]] = [:]
    private(set) var byConversation: [XPostID: [XPostID]] = [:]
    private(set) var quoting: [XPostID: [XPostID]] = [:]
    private(set) var reposting: [XPostID: [XPostID]] = [:]

    mutating func insert(_ post: XPost) {
        all.insertSorted(post.id)
        byAuthor[post.author, default: []].insertSorted(post.id)
        byConversation[post.conversation, default: []].insertSorted(post.id)
        for user in post.addressees where post.reference(.reposted) == nil && user != post.author {
            mentioning[user, default: []].insertSorted(post.id)
        }
        if let target = post.reference(.quoted) { quoting[target, default: []].insertSorted(post.id) }
        if let target = post.reference(.reposted) { reposting[target, default: []].insertSorted(post.id) }
    }

    mutating func remove(_ post: XPost) {
        all.removeSorted(post.id)
        Self.remove(post.id, from: &byAuthor, post.author)
        Self.remove(post.id, from: &byConversation, post.conversation)
        for user in post.addressees { Self.remove(post.id, from: &mentioning, user) }
        if let target = post.reference(.quoted) { Self.remove(post.id, from: &quoting, target) }
        if let target = post.reference(.reposted) { Self.remove(post.id, from: &reposting, target) }
    }

    private static func remove(_ id: XPostID, from lists: inout [UInt64: [XPostID]], _ key: UInt64) {
        lists[key]?.removeSorted(id)
        if lists[key]?.isEmpty == true { lists[key] = nil }
    }
}

extension [XPostID] {
    /// The place of the first id that is not below `id`.
    /// - Complexity: O(log *n*).
    func place(of id: XPostID) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func insertSorted(_ id: XPostID) {
        if last.map({ $0 < id }) ?? true { return append(id) }
        let place = place(of: id)
        if self[place] != id { insert(id, at: place) }
    }

    mutating func removeSorted(_ id: XPostID) {
        let place = place(of: id)
        if place < count, self[place] == id { remove(at: place) }
    }
}
