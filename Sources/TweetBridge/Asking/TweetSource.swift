// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Where posts are read: X, or whatever stands in for it.
public protocol TweetSource: Sendable {
    func ask(_ question: XQuestion, for purpose: SpendPurpose) async throws(XFailure) -> XAnswer
}
