// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Where posts are read: X, or whatever stands in for it.
public protocol TweetSource: Sendable {
    /// - Returns: for ``SpendPurpose/deletions`` and ``SpendPurpose/metrics``, posts alone: what is only included with others costs
    ///   money, so authors, media and referenced posts are not asked for.
    /// - Throws: ``XFailure/absent(_:_:)`` where one account's or post's list was asked for; look-ups answer with
    ///   ``PostPage/problems`` instead.
    func ask(_ question: XQuestion, for purpose: SpendPurpose) async throws(XFailure) -> XAnswer
}
