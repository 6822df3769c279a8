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
        guard let account,
            let excess = services.rates.take(
                message, size: size, from: account, keys: session.scope.keys, at: now)
        else { return nil }
        services.observer.rateLimited(excess.thing)
        return .limited(message, wait: excess.wait, size: size, at: now)
    }

    /// What makes no sense costs its bytes.
    func charge(size: Int, at now: Uptime) {
        guard let account else { return }
        _ = services.rates.take(nil, size: size, from: account, keys: [], at: now)
    }

    /// Charges authors with those of their events that were new.
    func charge(_ authors: [PublicKey], _ answers: [EventDoor.Answer]) {
        let now = services.clock.uptime()
        for (author, answer) in zip(authors, answers) where answer.accepted && answer.message.isEmpty {
            services.rates.tookIn(author, at: now)
        }
    }
}
