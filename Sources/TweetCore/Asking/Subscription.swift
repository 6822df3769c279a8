// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One subscription of the activity stream: one kind of event of one account.
public struct Subscription: Hashable, Sendable {
    /// X's number for it; opaque.
    public var id: String
    public var event: String
    public var user: UserID?

    public init(id: String, event: String, user: UserID?) {
        self.id = id
        self.event = event
        self.user = user
    }

    /// What is subscribed to for an account that is mirrored. All of it is public: the app's token suffices.
    public static let events = [
        "post.create", "post.delete", "profile.update.bio", "profile.update.profile_picture",
        "profile.update.banner_picture", "profile.update.screenname", "profile.update.handle",
    ]
    /// Subscriptions on self-serve tiers.
    public static let countMax = 1_500

    /// Reads the answer of `GET /2/activity/subscriptions`.
    ///
    /// - Throws: ``ReadingError``.
    public static func list(reading body: [UInt8]) throws(ReadingError) -> (
        subscriptions: [Subscription], next: String?
    ) {
        let json = try JSONTree(body).root
        guard json.isObject else { throw .wrong(at: "the whole answer") }
        var list: [Subscription] = []
        for item in json["data"]?.elements ?? [] {
            guard let id = item["subscription_id", "id"]?.spelt, let event = item.text("event_type") else {
                continue
            }
            list.append(Subscription(id: id, event: event, user: try item["filter"]?.userID("user_id")))
        }
        return (list, json["meta"]?.text("next_token"))
    }

    /// The body of the request that makes one.
    public static func body(event: String, user: UserID, tag: String) -> [UInt8] {
        Array(#"{"event_type":"\#(event)","filter":{"user_id":"\#(user)"},"tag":"\#(tag)"}"#.utf8)
    }

    /// What must be made and removed so that these accounts are followed, the first of them first where there is no room for all.
    public static func difference(
        have: [Subscription], wanted users: [UserID]
    ) -> (made: [(event: String, user: UserID)], removed: [Subscription]) {
        let wanted = users.flatMap { user in events.map { Want(user: user, event: $0) } }.prefix(countMax)
        let wants = Set(wanted)
        var kept: Set<Want> = []
        var removed: [Subscription] = []
        for subscription in have {
            if let user = subscription.user, wants.contains(Want(user: user, event: subscription.event)),
                kept.insert(Want(user: user, event: subscription.event)).inserted
            {
                continue
            }
            removed.append(subscription)
        }
        return (wanted.filter { !kept.contains($0) }.map { ($0.event, $0.user) }, removed)
    }

    private struct Want: Hashable {
        var user: UserID
        var event: String
    }
}
