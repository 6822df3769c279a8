// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A post to be made on X.
public struct PostDraft: Hashable, Sendable, Codable {
    public var text: String
    public var inReplyTo: PostID?
    public var quoting: PostID?
    /// At most four, uploaded before.
    public var mediaIDs: [String] = []
    /// Who may answer, where not everybody.
    public var replySettings: String?

    public init(text: String) { self.text = text }

    /// Whether X will make a link of a part of it: then it costs more. Bare names of hosts count.
    public var hasLink: Bool {
        if text.contains("://") || text.contains("www.") { return true }
        return text.split(whereSeparator: { $0.isWhitespace }).contains { Self.isHost($0) }
    }

    /// The request that makes it.
    public var request: XRequest {
        var json = Array(#"{"text":"#.utf8)
        JSONText.appendQuoted(text, to: &json)
        if let inReplyTo { json += #","reply":{"in_reply_to_tweet_id":"\#(inReplyTo)"}"#.utf8 }
        if let quoting { json += #","quote_tweet_id":"\#(quoting)""#.utf8 }
        if !mediaIDs.isEmpty {
            json += #","media":{"media_ids":["#.utf8
            for (place, id) in mediaIDs.prefix(4).enumerated() {
                if place > 0 { json.append(UInt8(ascii: ",")) }
                JSONText.appendQuoted(id, to: &json)
            }
            json += "]}".utf8
        }
        if let replySettings {
            json += #","reply_settings":"#.utf8
            JSONText.appendQuoted(replySettings, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        return XRequest(.post, .createPost, "/2/tweets", body: json)
    }

    private static func isHost(_ word: Substring) -> Bool {
        let host = word.prefix { $0 != "/" && $0 != "?" }.split(
            separator: ".", omittingEmptySubsequences: false)
        guard host.count >= 2, let last = host.last, last.count >= 2 else { return false }
        return host.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } }
            && last.allSatisfy(\.isLetter)
    }
}

/// How much of the month's product cap is used up (`GET /2/usage/tweets`).
public struct XUsage: Hashable, Sendable {
    public var cap: Int?
    public var used: Int?
    /// The day of the month on which it begins anew.
    public var resetDay: Int?

    public static let request = XRequest(.get, .usage, "/2/usage/tweets")

    /// - Throws: ``ReadingError``.
    public init(reading body: [UInt8]) throws(ReadingError) {
        guard let data = try JSONTree(body).root["data"] else { throw .wrong(at: "data") }
        cap = data.integer("project_cap")
        used = data.integer("project_usage")
        resetDay = data.integer("cap_reset_day")
    }
}
