// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where a Redis server is: `redis://user:password@host:port/database`, percent-encoded as in any URL.
public struct RedisAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name, or an address without brackets.
    public var host: String
    public var port = 6_379
    public var user: String?
    public var password: Secret?
    public var database = 0

    public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        /// `rediss://`.
        case encrypted
        case malformed(String)

        public var description: String {
            switch self {
            case .encrypted:
                "rediss:// is not supported: put Redis on this machine, or a tunnel before it, and use redis://"
            case .malformed(let what): "the address of Redis has no good \(what)"
            }
        }
    }

    /// - Throws: ``Refusal``, in which nothing of `text` is repeated.
    public init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= 1_024 else { throw .malformed("length") }
        if text.lowercased().hasPrefix("rediss://") { throw .encrypted }
        guard text.lowercased().hasPrefix("redis://") else {
            throw .malformed("scheme: redis://host:port/database")
        }
        let rest = text.dropFirst("redis://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest.dropFirst(authority.count)
        var place = authority
        if let at = authority.lastIndex(of: "@") {
            place = authority[authority.index(after: at)...]
            let parts = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = XRequest.unescaped(parts[0]) else { throw .malformed("user") }
            user = name.isEmpty ? nil : name
            if parts.count == 2 {
                guard let word = XRequest.unescaped(parts[1]) else { throw .malformed("password") }
                password = word.isEmpty ? nil : Secret(word)
            }
        }
        if place.hasPrefix("[") {
            guard let end = place.firstIndex(of: "]") else { throw .malformed("host") }
            host = String(place[place.index(after: place.startIndex)..<end])
            place = place[place.index(after: end)...]
        } else {
            host = String(place.prefix { $0 != ":" })
            place = place.dropFirst(host.count)
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .malformed("host")
        }
        if !place.isEmpty {
            guard place.hasPrefix(":"), let number = Self.number(place.dropFirst()),
                (1...65_535).contains(number)
            else { throw .malformed("port") }
            port = number
        }
        guard path.isEmpty || path == "/" else {
            guard path.hasPrefix("/"), let number = Self.number(path.dropFirst()), number <= 65_535 else {
                throw .malformed("database: a number behind the slash, and nothing more")
            }
            database = number
            return
        }
    }

    /// Without user and password.
    public var description: String {
        "redis://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
