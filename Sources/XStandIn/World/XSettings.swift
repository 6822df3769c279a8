// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What can be set about how the stand-in behaves, at any time.
public struct XSettings: Hashable, Sendable {
    /// Which words requests may use. X took up "post" in August 2026 and still knows "tweet".
    public enum Vocabulary: String, Hashable, Sendable, CaseIterable {
        /// The request decides the words of the answer.
        case both
        /// Parameters in the old words are answered 400.
        case postOnly
        /// Parameters in the new words are answered 400.
        case tweetOnly
    }

    /// The body of a 429 for a rate limit.
    public enum RateLimitBody: String, Hashable, Sendable, CaseIterable {
        /// `about:blank`
        case problem
        /// `{"errors":[{"code":88,…}]}`
        case legacy
        /// `…/rate-limit-exceeded`
        case typed
    }

    public var vocabulary = Vocabulary.both
    public var rateLimitBody = RateLimitBody.problem
    public var money = XPrices()
    /// Posts that may be read in a month.
    public var monthlyCap: Int64 = 3_000_000
    /// The status of an exceeded cap: 429, and also seen as 403.
    public var capStatus = 429
    /// What is left to spend, in **micro-dollars**; nil: no end of it. Answered reads and writes lower it.
    public var credits: Int64?
    /// The body of 402: `CreditsDepleted` with `…/problems/credits`, or `Payment Required` with `…/credits-depleted`.
    public var namesCreditsPlainly = false
    /// The status of a look-up of one thing that is not there: 200 or 404.
    public var notFoundStatus = 200
    /// Whether a spent refresh token that comes again ends all tokens that came of the same consent.
    public var killsFamilies = true
    /// How long an access token is good.
    public var accessTokenLife: Duration = .seconds(7_200)
    /// How long a refresh token is good: half a year.
    public var refreshTokenLife: Duration = .seconds(15_552_000)
    /// How long after posting a post can be edited.
    public var editWindow: Duration = .seconds(3_600)
    /// Posts of one page at most, whatever was asked for: a short page is not the last. Nil: as many as asked for.
    public var postsPerPage: Int?
    /// Whether the last page has a token, too, that leads to a page without posts.
    public var endsWithEmptyPage = false
    /// Code points of a search query.
    public var queryLength = 512
    /// How long it takes until a post can be searched for.
    public var searchDelay: Duration = .seconds(30)
    /// How far back a search reaches.
    public var searchWindow: Duration = .seconds(604_800)
    /// Whether `x-app-limit-24hour-…` and `x-user-limit-24hour-…` are sent.
    public var sendsDailyHeaders = false
    /// Limits for some routes instead of those of ``RateTable``: by the route's name.
    public var rateLimits: [String: Int64] = [:]
    /// Whether replies need to be asked for by the author, and quotes are refused, as for self-serve accounts.
    public var isSelfServe = false
    /// Entity offsets count UTF-16 units of the text that is not escaped: wrong, as X's have often been.
    public var hasWrongOffsets = false
    /// What t.co links begin with. The redirector answers for `/t.co/CODE`, and for `/CODE` where the host is `t.co`.
    public var shortLinkBase = "https://t.co/"
    /// What the links of media begin with. Empty: the stand-in's own address.
    public var mediaBase = ""
    /// What users are told of `tweet_count`, whatever the words of the request, as seen on X; false: `post_count` then.
    public var keepsTweetCount = true

    public init() {}
}

/// What X asks for, in **micro-dollars** (millionths of a dollar).
public struct XPrices: Hashable, Sendable {
    public var postRead: Int64 = 5_000
    public var userRead: Int64 = 10_000
    /// Own posts and mentions, read with one's own token.
    public var ownedRead: Int64 = 1_000
    public var postCreate: Int64 = 15_000
    public var postCreateWithURL: Int64 = 200_000
    public var postDelete: Int64 = 10_000
    /// Whether what `includes` holds is billed like what was asked for. X does not say.
    public var billsIncludes = false
    /// Whether a `post.delete` of the activity stream is billed as a post. X says both.
    public var billsDeleteEvents = false

    public init() {}
}
