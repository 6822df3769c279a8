// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// All that the stand-in knows: accounts, posts, media, credentials, what was asked and what it cost.
///
/// A value without I/O: time only moves by ``advance(by:)``, chance follows from a seed, and a request is answered by
/// ``answer(_:)``. It is written from the published behaviour of X and shares no code with what is tested against it.
///
/// ```
///   XServer ── XRequest ──▶ XWorld.answer ── XReply ──▶ XServer
///                              │
///                              └─ lines of the activity stream, taken by the server after every change
/// ```
public struct XWorld: Sendable {
    /// The moment it is.
    public internal(set) var now: XInstant
    public var settings: XSettings
    public let limits: XStandInLimits

    public internal(set) var users: [XUserID: XUser] = [:]
    /// Lower-case handle → who has it now.
    var handles: [String: XUserID] = [:]
    /// Every version of every post that is not deleted.
    public internal(set) var posts: [XPostID: XPost] = [:]
    var index = PostIndex()
    var gone = Bounded<XPostID, GonePost>()
    public internal(set) var media: [String: XMedia] = [:]
    var files: [String: XFile] = [:]
    var mediaBytes = 0
    /// t.co code → where it leads.
    var links = Bounded<String, String>()

    public internal(set) var spend = SpendCounter()
    /// Requests seen, the oldest first.
    public internal(set) var requests = RequestLog()
    public internal(set) var faults = FaultScript()
    var buckets = RateBuckets()
    var credentials = CredentialBook()
    var activity = ActivityBoard()

    var chance: SplitMix64
    var lastID: UInt64 = 0
    var requestCount: UInt64 = 0
    /// The stand-in's own address, `http://127.0.0.1:4711`; the server sets it.
    public var address = "http://x.test"

    /// - Parameter start: the moment it is at first.
    public init(
        at start: XInstant = XWorld.virtualStart, settings: XSettings = XSettings(),
        limits: XStandInLimits = XStandInLimits(), seed: UInt64 = 1
    ) {
        now = start
        self.settings = settings
        self.limits = limits
        chance = SplitMix64(seed: seed)
        credentials.addStanding(at: start)
    }

    /// Where virtual time begins unless said otherwise: 2026-09-01T12:00:00Z.
    public static let virtualStart = XInstant(year: 2026, month: 9, day: 1, hour: 12)

    /// Lets time pass.
    public mutating func advance(by duration: Duration) {
        precondition(duration >= .zero, "time only moves forward")
        now = now + duration
    }

    /// Moves on to a moment; an earlier one changes nothing.
    public mutating func advance(to instant: XInstant) {
        now = max(now, instant)
    }

    /// The number of posts that can be read, the newest versions only.
    public var postCount: Int { index.all.count }
}

/// What is remembered of a deleted post.
struct GonePost: Hashable, Sendable {
    var author: XUserID
    var at: XInstant
}
