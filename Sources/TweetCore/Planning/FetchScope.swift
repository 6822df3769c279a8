// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A list at X that is read from where it was left.
public enum FetchScope: Hashable, Sendable {
    case timeline(UserID)
    /// A shard of the combined search, by the key of its query.
    case search(String)

    /// For keys of rows: at most 200 bytes.
    public var text: String {
        switch self {
        case .timeline(let id): "timeline:\(id)"
        case .search(let key): "search:\(key)"
        }
    }

    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "timeline": if let id = UserID(rest) { self = .timeline(id) } else { return nil }
        case "search": self = .search(String(rest))
        default: return nil
        }
    }
}
