// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Addresses of the web in posts.
enum WebLink {
    /// Whether a text is a URL that can stand in a note: `http` or `https`, without white space, of bounded length.
    static func isURL(_ text: String) -> Bool {
        guard text.utf8.count <= ConversionLimits.url else { return false }
        let scheme = text.hasPrefix("https://") ? 8 : text.hasPrefix("http://") ? 7 : text.utf8.count
        guard text.utf8.count > scheme else { return false }
        return text.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace
        }
    }

    /// The value of the `r` tag by which nostrweet finds what it has posted; never to be changed.
    static func nostrweetReference(_ id: PostID) -> String { "https://twitter.com/i/status/\(id)" }
}

extension PostID {
    /// Where people read it; without a handle, so that it stays right when that changes.
    public var url: String { "https://x.com/i/status/\(self)" }
}

/// A link to a post, or to a medium of it, on X.
struct StatusLink: Hashable {
    var post: PostID
    /// Whether it ends in `/photo/1` or `/video/1`.
    var isMedia: Bool

    /// - Returns: `nil` unless it is `https://x.com/…/status/…`, by any of that site's names.
    init?(_ url: String) {
        guard let start = url.firstRange(of: "://")?.upperBound else { return nil }
        let address = url[start...].prefix { $0 != "?" && $0 != "#" }
        let parts = address.split(separator: "/")
        guard let host = parts.first, Self.hosts.contains(host.lowercased()),
            let place = parts.lastIndex(where: { $0 == "status" || $0 == "statuses" }),
            place + 1 < parts.count,
            let post = PostID(parts[place + 1])
        else { return nil }
        self.post = post
        isMedia = parts[(place + 2)...].first.map { $0 == "photo" || $0 == "video" } ?? false
    }

    private static let hosts: Set<String> = [
        "x.com", "www.x.com", "mobile.x.com", "twitter.com", "www.twitter.com", "mobile.twitter.com",
    ]
}
