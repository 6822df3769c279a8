// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What is to be done on X for people here.
public enum OutboundOrder: Hashable, Sendable {
    /// - Parameter event: what it is made of, where it is made of one.
    case post(PostDraft, event: EventID?)
    case delete(PostID, event: EventID?)
    /// A direct message.
    case message

    /// What is wrong with an order: our own words.
    public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
        public init(_ description: String) { self.description = description }
    }

    /// - Parameter payload: a JSON object: `text`, and perhaps `reply_to`, `quote`, `media_ids`, `reply_settings`, `event`,
    ///   as well as in X's own words; or `id` of what is to be removed.
    public init(_ action: String, payload: [UInt8]) throws(Refusal) {
        let json: JSONValue
        do { json = try JSONTree(payload).root } catch { throw Refusal("the payload is no JSON") }
        guard json.isObject else { throw Refusal("the payload is no object") }
        switch action {
        case "tweet":
            guard let text = json.text("text"), text.contains(where: { !$0.isWhitespace }) else {
                throw Refusal("the payload has no text")
            }
            var draft = PostDraft(text: text)
            draft.inReplyTo = try Self.post(
                json["reply_to", "in_reply_to_tweet_id"] ?? json["reply"]?["in_reply_to_tweet_id"], "reply_to"
            )
            draft.quoting = try Self.post(json["quote", "quote_tweet_id"], "quote")
            draft.mediaIDs = json.texts("media_ids") + (json["media"]?.texts("media_ids") ?? [])
            draft.replySettings = json.text("reply_settings")
            self = .post(draft, event: try Self.event(json))
        case "delete":
            guard let id = try Self.post(json["id", "tweet_id"], "id") else {
                throw Refusal("the payload has no id")
            }
            self = .delete(id, event: try Self.event(json))
        case "dm": self = .message
        default: throw Refusal("there is no such action")
        }
    }

    public var event: EventID? {
        switch self {
        case .post(_, let event), .delete(_, let event): event
        case .message: nil
        }
    }

    private static func post(_ json: JSONValue?, _ name: String) throws(Refusal) -> PostID? {
        guard let json else { return nil }
        guard let id = json.spelt.flatMap({ PostID($0) }) else {
            throw Refusal("\(name) is no number of a post")
        }
        return id
    }

    private static func event(_ json: JSONValue) throws(Refusal) -> EventID? {
        guard let value = json["event"] else { return nil }
        guard let id = value.text.flatMap({ EventID(hex: $0) }) else {
            throw Refusal("event is no id of an event")
        }
        return id
    }
}
