// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a stand-in holds at most. What goes beyond is refused with ``XRefusal/full``, or the oldest goes.
public struct XStandInLimits: Hashable, Sendable {
    /// Posts, every version counted; more are refused.
    public var posts = 100_000
    /// Users; more are refused.
    public var users = 10_000
    /// Media; more are refused.
    public var media = 20_000
    /// **Bytes** of all files of the media host; more are refused.
    public var mediaBytes = 268_435_456
    /// Links that t.co knows; beyond it the oldest are forgotten.
    public var links = 200_000
    /// Tombstones of deleted posts; beyond it the oldest are forgotten and read as if they had never been.
    public var tombstones = 100_000
    /// Tokens of both kinds and codes; beyond it the oldest are forgotten.
    public var tokens = 10_000
    /// Requests in the log; beyond it the oldest are forgotten.
    public var loggedRequests = 20_000
    /// Bytes of a body that the log keeps.
    public var loggedBody = 4_096
    /// Faults in the script; more are refused.
    public var faults = 10_000
    /// Rate buckets; beyond it those whose window is over go.
    public var buckets = 10_000
    /// Resources billed on one UTC day that are remembered, so that each is billed once; those beyond are billed each time.
    public var billedPerDay = 2_000_000
    /// UTC days that the sums are kept of; beyond it the oldest are forgotten.
    public var spendDays = 1_000
    /// Subscriptions of the activity stream, as X has it for self-serve.
    public var subscriptions = 1_500
    /// Connections of the activity stream, as X has it.
    public var streams = 2
    /// Events that one change of the world may put on the streams; at more they are dropped, as X drops who is slow.
    public var waitingEvents = 20_000
    /// **Bytes** that wait to be written to one stream; a stream that is behind so far is dropped.
    public var waitingStreamBytes = 67_108_864
    /// **Bytes** of a request's body.
    public var requestBytes = 16_777_216
    /// Connections at once; more are closed.
    public var connections = 1_024
    /// Code points of a long post.
    public var longTextLength = 25_000
    /// Code points of a post that is not long, a link counting as 23.
    public var textLength = 280
    /// Posts that one timeline gives in all.
    public var timelineDepth = 3_200
    /// Posts that a timeline without replies, or a list of mentions, gives in all.
    public var shallowDepth = 800
    /// Posts that one request may go through before it answers with a page that is not full.
    public var scannedPosts = 50_000

    public init() {}
}
