// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelaySession

/// How much this client, its address and its keys may ask for.
extension SessionDriver {
    /// Takes what a message costs.
    ///
    /// - Returns: what to feed instead when that is too much.
    func refusal(of message: ClientMessage, size: Int, at now: Uptime) -> SessionInput? {
        excess(of: message, size: size, at: now)
            .map { .limited(message, wait: $0.wait, size: size, at: now) }
    }

    /// Takes what a message costs; `nil` for one that cannot be served as it is, which costs as much as a request.
    ///
    /// - Returns: what there was too much of, if anything.
    func excess(of message: ClientMessage?, size: Int, at now: Uptime) -> RateLedger.Excess? {
        guard let account,
            let excess = services.rates.take(
                message, size: size, from: account, keys: session.scope.keys, at: now)
        else { return nil }
        services.observer.rateLimited(excess.thing)
        return excess
    }

    /// Charges authors with those of their events that were new.
    func charge(_ authors: [PublicKey], _ answers: [EventDoor.Answer]) {
        let now = services.clock.uptime()
        for (author, answer) in zip(authors, answers) where answer.accepted && answer.message.isEmpty {
            services.rates.tookIn(author, at: now)
        }
    }
}
