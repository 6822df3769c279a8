// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import SyncPlanner

/// Every bound of a one-shot sync.
struct SyncCourseLimits: Hashable, Sendable {
    /// Ids that one REQ asks for.
    var idsPerRequest = 250
    /// REQs that are open at once.
    var requests = 6
    /// Events sent and not answered.
    var offers = 512
    /// **Bytes** of them; one event more than this may be on its way.
    var offerBytes = 2 << 20
    /// **Bytes** of a message that the other relay takes.
    var messageBytes = Int.max
    /// Ids that may differ; beyond, all of it is read page by page.
    var differenceMax = 500_000
    /// Ids that are listed and not given while nothing else is; then it is given up.
    var missingMax = 5_000
    /// Events with a wrong id or signature; then it is given up.
    var malformedMax = 1_000
    /// **Bytes** of events that our own door has not judged; beyond, nothing is read from the socket.
    var unjudgedBytes = 16 << 20
    /// How often an event is asked for that does not come though nothing else does either.
    var tries = 2
    /// How often the other relay may ask to go slower, or end something that we begin again.
    var patience = 10
    /// After so long without a word of it while something is owed, it is given up.
    var silence = Duration.seconds(30)
    /// After so long without an answer to the first message, it does not know negentropy.
    var firstAnswer = Duration.seconds(10)
    /// The first pause when it asks to go slower; each is twice as long as the one before.
    var pause = Duration.seconds(1)
    /// Reasons that are told; others are counted.
    var reasons = 20

    init() {}

    /// Within what the other relay says that it takes.
    init(_ information: UpstreamInformation?) {
        guard let information else { return }
        if let most = information.maxLimit { idsPerRequest = min(1_000, max(1, most)) }
        if let length = information.maxMessageLength {
            messageBytes = length
            idsPerRequest = max(1, min(idsPerRequest, (length - 256) / 67))
        }
        if let most = information.maxSubscriptions { requests = max(1, min(requests, most - 1)) }
        if !information.supportedNIPs.isEmpty, !information.supportedNIPs.contains(77) {
            firstAnswer = .seconds(4)
        }
    }
}
