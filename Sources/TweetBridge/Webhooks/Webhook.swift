// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
public import TweetCore

/// Somebody who is told of new posts.
public struct Webhook: Hashable, Sendable {
    /// 1 to 24 letters, digits, `-` and `_`; in the names of its jobs.
    public let name: String
    public let url: String
    /// In lower case, an IPv6 address without its brackets.
    public let host: String
    let port: Int
    public let secret: Secret
    /// Whether it may be on this machine or in its network.
    public var allowsPrivate: Bool

    public enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case name, url, secret

        public var description: String {
            switch self {
            case .name: "a webhook's name has 1 to 24 letters, digits, hyphens and underscores"
            case .url: "a webhook's URL is http or https, with a host, without user, password and fragment"
            case .secret: "a webhook's secret has 16 to 256 bytes"
            }
        }
    }

    /// One that is named by its URL: the same URL has the same queue after a restart.
    public init(url: String, secret: Secret, allowsPrivate: Bool = false) throws(Refusal) {
        let name = Hex.string(SHA256.digest(Array(url.utf8)).bytes.prefix(6))
        try self.init(name: name, url: url, secret: secret, allowsPrivate: allowsPrivate)
    }

    /// The same text, if it is the URL of one.
    public static func checked(_ url: String) throws(Refusal) -> String {
        try Webhook(url: url, secret: Secret(String(repeating: "x", count: 16))).url
    }

    public init(name: String, url: String, secret: Secret, allowsPrivate: Bool = false) throws(Refusal) {
        guard (1...24).contains(name.utf8.count),
            name.utf8.allSatisfy({
                (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
                    || $0 == 95
            })
        else { throw .name }
        guard url.utf8.count <= 2_048, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let parts = URLComponents(string: url), parts.user == nil, parts.password == nil,
            parts.fragment == nil,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = parts.host?.lowercased(), !host.isEmpty,
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { throw .url }
        guard (16...256).contains(secret.revealed.utf8.count) else { throw .secret }
        self.name = name
        self.url = url
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = parts.port ?? (scheme == "https" ? 443 : 80)
        self.secret = secret
        self.allowsPrivate = allowsPrivate
    }

    var queue: String { "hook:\(name)" }
}

/// What became of a message to a receiver.
public enum WebhookNews: String, Hashable, Sendable, CaseIterable {
    case delivered
    /// It is sent again.
    case again
    case givenUp = "given-up"
    /// Too many wait already.
    case leftOut = "left-out"
}

/// Every bound of webhooks.
public struct WebhookLimits: Hashable, Sendable {
    public var hooks = 32
    /// Messages of one hook that are on their way at once.
    public var inFlight = 2
    /// Messages of one hook that wait; what comes beyond is left out. At most 1,000.
    public var waiting = 1_000
    /// **Milliseconds** for one message, the answer's head included.
    public var timeout: Int64 = 10_000
    /// Tries of one message.
    public var attempts = 12
    /// **Milliseconds**: nobody is told of posts that were older when they were mirrored.
    public var ageMax: Int64 = 7 * 86_400_000
    /// Commits that are looked through at once.
    public var commits = 200

    public init() {}
}
