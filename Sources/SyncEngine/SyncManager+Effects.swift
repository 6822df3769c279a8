// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import SyncPlanner

// One branch an effect. None of them blocks or suspends.
extension SyncManager {
    func perform(_ effect: SyncEffect) {
        switch effect {
        case .claim(let relay):
            ownership.claim(relay) { [mailbox] isOurs in mailbox.put(.ownership(relay, isOurs: isOurs)) }
        case .release(let relay):
            ownership.release(relay)
            reconciler.forget(relay)
        case .dial(let link, let namer): dial(link, namedBy: namer)
        case .fetchInformation(let link): readInformation(link)
        case .authenticate(let link, let challenge): authenticate(link, challenge)
        case .rescan: bell.ringForRescan()
        case .hangUp(let link): links.removeValue(forKey: link)?.hangUp()
        case .open(let link, let subscription, let filters):
            links[link]?.send(.request(subscription, filters))
        case .close(let link, let subscription): links[link]?.send(.close(subscription))
        case .gather(let id, let filter, let skipsUnwanted):
            reconciler.gather(id, filter, skipsUnwanted: skipsUnwanted)
        case .reconcile(let id, let session, let filter, let frameBytes):
            guard let link = links[id.link] else { break }
            reconciler.begin(id, session, filter, frameBytes: frameBytes, over: link)
        case .takeReconciliation(let id, let session, let message):
            reconciler.take(message, of: session, for: id)
        case .endReconciliation(let id, let session):
            reconciler.end(id)
            if let session { links[id.link]?.send(.negentropyClose(session)) }
        case .pauseReading(let link): links[link]?.pause()
        case .resumeReading(let link): links[link]?.resume()
        case .submit(let id, let link, let events): submit(id, events, from: link.relay)
        case .write(let rows): rowWriter.write(rows)
        case .askStore(let id, let question): questions?.yield(.events(id, question))
        case .findAbsent(let id, let references): questions?.yield(.absent(id, references))
        case .report(let fact):
            observer.happened(fact)
            log(fact)
        case .stopped: isStopped = true
        }
    }

    private func dial(_ link: LinkID, namedBy namer: Namer) {
        let handle = LinkHandle(
            link, namedBy: namer, mailbox: mailbox, observer: observer, bytesMax: limits.mailboxBytesPerLink)
        links[link] = handle
        handle.dial(through: connector)
    }

    private func readInformation(_ link: LinkID) {
        guard let handle = links[link] else { return mailbox.put(.information(link, nil)) }
        handle.readInformation(through: connector)
    }

    /// Signs the challenge for the normalised URL that was dialled (NIP-42) and sends it.
    private func authenticate(_ link: LinkID, _ challenge: String) {
        guard let key, let handle = links[link],
            challenge.utf8.count <= SyncEngineLimits.challengeLengthMax
        else { return mailbox.put(.authenticating(link, nil)) }
        let tags: [Tag] = [
            Tag(["relay", link.relay.text]), Tag(["challenge", challenge]),
        ]
        let answer = UnsignedEvent(
            pubkey: key.publicKey, createdAt: clock.wall(), kind: .clientAuthentication, tags: tags,
            content: ""
        ).signed(by: key)
        // Told before it is sent: the relay's OK must find somebody who waits for it.
        mailbox.put(.authenticating(link, answer.id))
        handle.send(.authenticate(ParsedEvent(event: answer)))
    }

    private func submit(_ id: SubmissionID, _ events: [ParsedEvent], from relay: RelayURL) {
        ingest.submit(events, from: .upstream(relay)) { [mailbox, observer, reconciler] verdicts in
            reconciler.note(verdicts, of: events, from: relay)
            observer.judged(relay, verdicts)
            mailbox.put(.judged(id, verdicts.map(Judgement.init)))
        }
    }
}
