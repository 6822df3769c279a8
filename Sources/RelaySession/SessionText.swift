// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The sentences of a conversation, each with its machine-readable word in front (NIP-01).
enum SessionText {
    static func tooManySubscriptions(_ most: Int) -> String {
        "error: too many subscriptions, at most \(most) may be open"
    }
    static func tooManyFilters(_ most: Int) -> String {
        "invalid: too many filters, at most \(most) in a request"
    }
    static func longSubscriptionID(_ most: Int) -> String {
        "invalid: a subscription id has at most \(most) characters"
    }
    static let emptySubscriptionID = "invalid: a subscription id is not empty"
    static let noFilters = "invalid: a request has at least one filter"
    static let noAllTags = "unsupported: asking for all of some tags is not offered here"
    static let noSearch = "unsupported: search is not offered here"
    static func tooManySearches(_ most: Int) -> String {
        "invalid: too many searches, at most \(most) in a request"
    }
    static let unready = "error: the words of stored events are still being indexed, try again later"
    static let changed = "closed: the set has changed, open it again"
    static let tooMuchSubscribed = "error: the open subscriptions are too large together"
    static let readFault = "error: the store could not be read"
    static let readersBusy = "error: too many requests wait, try again later"
    static let tooFarBehind = "error: fell too far behind, subscribe again"
    static let noChallenge = "error: no authentication was asked for"
    static let tooManyKeys = "restricted: too many keys have authenticated here"
    static let authRequired = "auth-required:"
    static let invalid = "invalid:"
    static let authenticationNeeded = "\(authRequired) only those involved may read events of these kinds"
    static let restricted = "restricted: only those involved may read events of these kinds"
    static let widened = "error: the relay's policy answered with more than was asked for"
    static let tooMuchNonsense = "rate-limited: too many messages that make no sense"
    static let tooMuchHaste = "rate-limited: too much was asked for, and asked for again"
    static func rateLimited(_ wait: Duration) -> String {
        let seconds = wait.components.seconds + (wait.components.attoseconds > 0 ? 1 : 0)
        return "rate-limited: too much in a short time, try again in \(max(1, seconds)) s"
    }
    static let countFailed = "error: the events could not be counted"

    static func describe(_ failure: ReadFailure) -> String {
        switch failure {
        case .fault: readFault
        case .busy: readersBusy
        case .unready: unready
        case .changed: changed
        }
    }
}
