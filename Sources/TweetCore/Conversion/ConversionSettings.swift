// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What an operator may choose about events that are made of posts.
public struct ConversionSettings: Hashable, Sendable, Codable {
    public var style: Style = .native
    /// Put before and after every text, with a space between if they bring none.
    public var prefix = ""
    public var suffix = ""
    /// The value of the `client` tag; empty: no such tag. nostrweet's style has its own.
    public var client = "rookery"
    /// Our relay's URL: where readers may look for an event of which nothing else is known; empty: nowhere.
    public var relay = ""
    /// The namespace of the label that all versions of a post share (NIP-32).
    public var namespace = "com.x.post"
    public var reposts: Reposts = .asReposts
    /// What is said about the post that is answered when it has no event.
    public var unknownParents: UnknownParents = .linked
    /// Whether posts are labelled with their language.
    public var tellsLanguage = true
    /// The domain of the mirrors' names (NIP-05); empty: they have none.
    public var nip05Domain = ""

    public init() {}

    public enum Style: String, Hashable, Sendable, Codable, CaseIterable {
        /// Threads, reposts and quotes as Nostr has them.
        case native
        /// A text of kind 1 for everything, as nostrweet makes it.
        case nostrweet
    }

    public enum Reposts: String, Hashable, Sendable, Codable, CaseIterable {
        /// Kind 6 or 16 where what is reposted has an event, else a text (NIP-18).
        case asReposts = "repost"
        /// A text that quotes it.
        case asQuotes = "quote"
        /// No event at all.
        case leftOut = "leave-out"
    }

    public enum UnknownParents: String, Hashable, Sendable, Codable, CaseIterable {
        /// A line with a link to it.
        case linked = "link"
        case unmentioned = "none"
    }

    /// A text between ``prefix`` and ``suffix``.
    func dressed(_ text: String) -> String {
        let hasFront = prefix.utf8.last.map { !$0.isSpace } ?? false
        let hasBack = suffix.utf8.first.map { !$0.isSpace } ?? false
        guard !text.isEmpty else { return PostText.trimmed(Array((prefix + " " + suffix).utf8)[...]) }
        return prefix + (hasFront ? " " : "") + text + (hasBack ? " " : "") + suffix
    }

    /// Which events these settings make: another number as soon as any event of a post could be another one.
    public var epoch: ConversionEpoch {
        var image: [UInt8] = []
        let parts = [
            "rookery conversion \(ConversionEpoch.method)", style.rawValue, prefix, suffix, client, relay,
            namespace, reposts.rawValue, unknownParents.rawValue, tellsLanguage ? "language" : "",
        ]
        // Quoted, so that no two lists of parts look alike.
        for part in parts { JSONText.appendQuoted(part, to: &image) }
        return ConversionEpoch(SHA256.digest(image).words.0)
    }
}

/// A number for the settings that events were made with; kept with every event, and part of what names its making.
public struct ConversionEpoch: Hashable, Sendable, Codable, CustomStringConvertible {
    public let number: UInt64

    public init(_ number: UInt64) { self.number = number }

    /// Goes up with every change of the code that makes other events of the same posts.
    static let method = 1

    /// 16 hexadecimal digits.
    public var description: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
