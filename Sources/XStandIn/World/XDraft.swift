// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What somebody is about to post.
public struct XDraft: Hashable, Sendable {
    public var text: String
    public var inReplyTo: XPostID?
    public var quoting: XPostID?
    /// Keys of media that exist, four at most.
    public var mediaKeys: [String] = []
    /// The options of a poll, two to four.
    public var pollOptions: [String] = []
    public var pollMinutes: Int64 = 1_440
    public var language = "en"
    public var source = "X Web App"
    /// `everyone`, `mentionedUsers`, `following`, `subscribers` or `verified`.
    public var replySettings = "everyone"
    public var isSensitive = false
    public var withheld: XWithheld?
    public var metrics = XPost.Metrics()
    /// A reply begins with the handle of whom it answers, as on X; false: the text stays as it is.
    public var namesWhomItAnswers = true
    /// When it was posted, if that is past; the order of ids follows from it. What is to come counts as now.
    public var at: XInstant?

    public init(
        _ text: String, inReplyTo: XPostID? = nil, quoting: XPostID? = nil, mediaKeys: [String] = [],
        at: XInstant? = nil
    ) {
        self.text = text
        self.inReplyTo = inReplyTo
        self.quoting = quoting
        self.mediaKeys = mediaKeys
        self.at = at
    }
}

/// Why the world does not take a change.
public enum XRefusal: Error, Hashable, Sendable {
    case noSuchUser
    case noSuchPost
    case noSuchMedium
    case notAHandle
    case handleTaken
    /// The text is empty, or longer than ``XStandInLimits/longTextLength``.
    case badText
    /// Not the newest version, too late, too often, or of a kind that X does not let be edited.
    case notEditable
    /// The author of what it refers to is protected, suspended or gone.
    case notAllowed
    /// 2 to 4 options, 5 minutes to 7 days.
    case badPoll
    /// A limit of ``XStandInLimits`` is reached.
    case full
}
