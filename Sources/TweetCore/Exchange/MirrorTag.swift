// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension Event {
    /// The post that a note says it mirrors: by its `proxy` tag (NIP-48), or by the `r` tag that nostrweet writes.
    ///
    /// A claim of whoever signed it.
    public var mirroredPost: PostID? {
        for tag in tags where tag.name == "proxy" || tag.name == "r" {
            guard let url = tag.value?.string, let id = PostID(statusURL: url) else { continue }
            return id
        }
        return nil
    }
}

extension PostID {
    /// Of the address of a post: `https://x.com/i/status/1`, `https://twitter.com/bob/status/1?s=20`.
    ///
    /// The host must be X's own: an address that merely holds its name is nobody's.
    public init?(statusURL text: String) {
        let lower = text.prefix { $0 != ":" }.lowercased()
        guard text.utf8.count <= 300, lower == "https" || lower == "http",
            text.dropFirst(lower.count).hasPrefix("://")
        else { return nil }
        let rest = text.dropFirst(lower.count + 3)
        let words = rest.prefix { $0 != "?" && $0 != "#" }.split(
            separator: "/", omittingEmptySubsequences: false)
        guard let host = words.first?.lowercased(), Self.hosts.contains(host),
            let place = words.firstIndex(where: { $0 == "status" || $0 == "statuses" }),
            place + 1 < words.count
        else { return nil }
        self.init(words[place + 1])
    }

    private static let hosts: Set<String> = [
        "x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com",
    ]
}
