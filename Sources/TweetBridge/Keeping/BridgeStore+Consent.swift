// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

extension StateKey {
    static let consent = StateKey("oauth:user")
}

extension BridgeStore {
    /// Who has consented that X is asked in their name, as far as that is known.
    public var consentingUser: UserID? {
        (try? remembered(.consent)).flatMap { $0 }.flatMap { UserID($0.value) }
    }

    /// - Parameter user: `nil`: nobody knows yet.
    public func noteConsent(of user: UserID?) async throws(BridgeStoreError) {
        try await remember(.consent, user?.description)
    }
}
