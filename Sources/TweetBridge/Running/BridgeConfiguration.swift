// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// What a bridge goes by, as its operator wants it.
public struct BridgeConfiguration: Sendable {
    /// Handles to be mirrored, besides the accounts that are kept.
    public var handles: [Handle] = []
    /// Who is never shown, besides those who ask for it themselves.
    public var refusals = Refusals()
    public var planner = PlannerConfiguration()
    public var conversion = ConversionSettings()
    /// For accounts without rules of their own.
    public var rules = MirrorRules()
    /// Further relays that get everything.
    public var relays: [RelayURL] = []
    public var media = MediaHandling.link
    public var blossomServers: [String] = []
    /// The URL of our own port, which serves media; empty: it has none that others could ask.
    public var ownServer = ""
    /// Which posts of others are mirrored because a mirrored account refers to them.
    public var context = Context.reposts
    /// Whether posts wait until they can be edited no more.
    public var holdsEdits = false
    /// Whether posts wait for a decision, and by which rules.
    public var moderation: ModerationRules?
    /// By which rules posts of accounts wait that are moderated by their own policy alone.
    public var moderationRules = ModerationRules()
    /// Everything is read and decided, and no event is made: what would be is told.
    public var isDryRun = false
    /// Posts younger than this are looked at again: whether they are still there. **Milliseconds**.
    public var youth: Int64 = 2 * 86_400_000
    /// Posts younger than this have their counts read again. **Milliseconds**.
    public var countedYouth: Int64 = 7 * 86_400_000
    /// Accounts that are protected or suspended: whether their events are taken back.
    public var takesBackHidden = false
    /// Where keys are written that are handed over to their owners; empty: none is.
    public var handOverDirectory = ""
    /// How long the oldest-first order makes posts wait for older ones that cannot be read. **Milliseconds**.
    public var orderPatience: Int64 = 3_600_000

    public init() {}

    public enum MediaHandling: String, Hashable, Sendable, CaseIterable {
        /// Addresses at X.
        case link
        /// Files of our own, served on our port.
        case store
        /// Files on Blossom servers.
        case blossom
    }

    public enum Context: String, Hashable, Sendable, CaseIterable {
        case none
        /// Those that are reposted, so that a repost can embed them.
        case reposts
        /// Those that are quoted or answered, too.
        case all
    }
}

/// Bounds of a running bridge.
public struct BridgeLimits: Hashable, Sendable {
    /// Posts of one author that are mirrored before another's turn.
    public static let postsPerTurn = 50
    /// How deep posts are mirrored first that another one embeds.
    public static let contextDepth = 2
    /// Pages of a timeline that are read by hand: all that X has, and as many empty ones.
    public static let timelinePages = 64
    /// Pages of a conversation that are searched for at once.
    public static let conversationPages = 10
    /// Look-ups for what a conversation answers.
    public static let conversationRounds = 5
    /// Posts of one tree.
    public static let conversationPosts = 5_000
    /// Posts looked through for what is young.
    public static let youngScan = 10_000
    /// **Milliseconds** before subscriptions that failed are tried again.
    public static let subscribingRest: Int64 = 60_000
    /// **Milliseconds** between two looks whether a lease that another bridge had is free.
    public static let leaseRest: Int64 = 5_000
    /// **Milliseconds** between two looks at what is to be mirrored when nothing rings.
    public static let publisherRest: Int64 = 30_000
}
