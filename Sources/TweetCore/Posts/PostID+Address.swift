// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension PostID {
    /// Reads what people paste: a post's number, or its address on X, `https://x.com/ada/status/1234?s=20`.
    ///
    /// The host is one of X's own, letter by letter: `notx.com`, `x.com.example` and `x.com@example` are others'.
    ///
    /// - Returns: `nil` for anything else.
    public init?(naming text: String) {
        if let id = PostID(text) {
            self = id
            return
        }
        guard let path = Self.path(text) else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let names = parts.starts(with: ["i", "web"]) ? parts.dropFirst(2) : parts.dropFirst()
        guard let word = names.first, word == "status" || word == "statuses",
            let number = names.dropFirst().first, let id = PostID(number),
            parts.first.map({ Handle($0) != nil }) ?? false
        else { return nil }
        self = id
    }

    /// What follows the host of an address on X, up to a query or fragment.
    private static func path(_ text: String) -> Substring? {
        var rest = text[...]
        for scheme in ["https://", "http://"] where rest.lowercased().hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            break
        }
        guard let slash = rest.firstIndex(of: "/"), hosts.contains(rest[..<slash].lowercased()) else {
            return nil
        }
        return rest[rest.index(after: slash)...].prefix { $0 != "?" && $0 != "#" }
    }

    private static let hosts: Set<String> = [
        "x.com", "www.x.com", "mobile.x.com", "m.x.com", "twitter.com", "www.twitter.com",
        "mobile.twitter.com",
        "m.twitter.com",
    ]
}
