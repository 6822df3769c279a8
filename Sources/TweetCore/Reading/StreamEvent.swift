// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Something that happened on X, as the activity stream tells it (X Activity API).
public struct StreamEvent: Hashable, Sendable {
    /// The same for an event that is told twice; empty where there is none.
    public var uuid: String
    /// The account that was subscribed to.
    public var user: UserID?
    /// What the subscription was tagged with.
    public var tag: String?
    public var news: News

    public init(uuid: String, user: UserID?, tag: String?, news: News) {
        self.uuid = uuid
        self.user = user
        self.tag = tag
        self.news = news
    }

    public enum News: Hashable, Sendable {
        /// With every account that the event described.
        case posted(ReadPost, users: [User])
        case deleted(PostID, author: UserID?)
        /// Which field, as in `profile.update.bio`: `bio`. The profile is to be read again.
        case profileChanged(String)
        /// A kind of event that says nothing to us.
        case other(String)
    }
}

/// One line of the activity stream.
public enum StreamLine: Hashable, Sendable {
    case heartbeat
    case event(StreamEvent)
    /// X says why it is about to end the stream.
    case problems([Problem])
}
