// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// Signed events that belong together, and what is true once they are stored.
public struct Publication: Sendable {
    /// The post that waited for this; `nil` for profiles, deletions and what an operator asks for.
    public var todo: (author: UserID, post: PostID)?
    /// In the order in which they are stored.
    public var parts: [Part]
    /// Further relays that get them. Deletions go to those that may have what they delete, whatever stands here.
    public var relays: [RelayURL]
    /// Of the configuration that the events were made under.
    public var epoch: UInt32
    /// What is remembered with it.
    public var remember: [StateKey: String] = [:]
    /// For the audit trail.
    public var worker = "bridge"

    public init(
        todo: (author: UserID, post: PostID)? = nil, _ parts: [Part], relays: [RelayURL] = [],
        epoch: UInt32 = 0
    ) {
        self.todo = todo
        self.parts = parts
        self.relays = relays
        self.epoch = epoch
    }

    /// One event of it.
    public struct Part: Sendable {
        public var event: Event
        public var role: Role

        public init(_ event: Event, _ role: Role) {
            self.event = event
            self.role = role
        }
    }

    public enum Role: Hashable, Sendable {
        /// It mirrors a version of a post; `first` is the first version. One that is mirrored already is left out, so
        /// that a post has one event, ever.
        case mirror(PostID, first: PostID)
        /// It says something about an account: a profile, a relay list.
        case profile(UserID)
        /// A kind 5 that takes events of ours back.
        case deletion(of: [EventID])
    }
}

/// What became of a publication.
public enum PublicationResult: Hashable, Sendable {
    /// Its events are stored. Those of the list, because of this.
    case published([EventID])
    /// Somebody had done it before; nothing was stored.
    case alreadyDone
    /// It may not be done as things stand; nothing was stored.
    case notApproved(ModerationState)
    /// Our own relay does not take an event, and says why: the post is ``PostState/Fate/refused``, and nothing is sent anywhere.
    case refused(EventID, String)
}
