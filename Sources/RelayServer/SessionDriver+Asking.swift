// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// Requests that somebody is asked about before they are served.
extension SessionDriver {
    /// Asks. The conversation may be over by the time of the answer; it is dropped then.
    func ask(_ number: ScanNumber, _ message: ClientMessage) {
        guard let eventLoop = connection?.eventLoop else { return }
        let driver = NIOLoopBound(self, eventLoop: eventLoop)
        let reply: @Sendable (ReadOpinion) -> Void = { opinion in
            eventLoop.execute { driver.value.heard(opinion, of: number) }
        }
        let client = client
        guard let policy = services.readGate.policy,
            let request = ReadRequest(
                message, keys: client.keys, address: client.address, at: services.clock.now())
        else { return reply(.allow) }
        policy.judge(request, reply: reply)
    }

    private func heard(_ opinion: ReadOpinion, of number: ScanNumber) {
        guard connection != nil else { return }
        switch opinion {
        case .allow:
            services.observer.readJudged(.allowed)
            feed(.permitted(number))
        case .narrow(let filters):
            services.observer.readJudged(.narrowed)
            feed(.permitted(number, instead: filters))
        case .refuse(let text):
            services.observer.readJudged(.refused)
            feed(.forbidden(number, reason: ReadOpinion.told(text)))
        }
        finishTurn()
    }
}

extension ReadRequest {
    /// What a message asks for; `nil` when it asks for no events.
    init?(_ message: ClientMessage, keys: [PublicKey], address: NetworkAddress?, at now: Timestamp) {
        let (asked, purpose): ([Filter], Purpose)
        switch message {
        case .request(_, let filters): (asked, purpose) = (filters, .subscription)
        case .count(_, let filters): (asked, purpose) = (filters, .count)
        case .negentropyOpen(_, let filter, _): (asked, purpose) = ([filter], .reconciliation)
        case .event, .close, .authenticate, .negentropyMessage, .negentropyClose: return nil
        }
        self.init(filters: asked, purpose: purpose, keys: keys, address: address, receivedAt: now)
    }
}
