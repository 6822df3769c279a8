// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy
import NostrCore
import SyncPlanner
import TestSupport

// Negentropy (NIP-77): what the shell does, and what relays make of it.
extension World {
    /// One that the shell holds.
    struct Reconciliation {
        let set: NegentropyArray
        var client = NegentropyClient(limits: NegentropyLimits())
    }

    mutating func gather(_ id: ReconciliationID, _ filter: Filter, skipsUnwanted: Bool) {
        var items = store.matching([filter]).map { NegentropyItem($0.createdAt, $0.id) }
        if skipsUnwanted { items += unwanted.items(of: id.link.relay, matching: filter, at: wall) }
        reconciliations[id] = Reconciliation(set: NegentropyArray(items))
        let set: GatheredSet = items.count > 2000 ? .tooMany : .set(count: items.count)
        later(1...100, .tell(.gathered(id, set), life: life))
    }

    mutating func beginReconciling(
        _ id: ReconciliationID, _ session: SubscriptionID, _ filter: Filter, frameBytes: Int
    ) {
        checkRequest(id.link, session, [filter])
        let client = NegentropyClient(limits: NegentropyLimits(frameBytes: frameBytes))
        guard let set = reconciliations[id]?.set else { return complain("\(id) was never gathered") }
        reconciliations[id]?.client = client
        guard let message = try? client.begin(from: set) else { return complain("\(id) cannot begin") }
        arrive(.reconcile(id.link, session, filter, message), over: id.link)
    }

    mutating func takeReconciliation(
        _ id: ReconciliationID, _ session: SubscriptionID, _ message: TagValue
    ) {
        guard let held = reconciliations[id] else { return complain("\(id) is over") }
        var client = held.client
        do {
            guard let bytes = Hexadecimal.bytes(message) else { throw NegentropyError.truncated }
            let step = try client.take(bytes, with: held.set)
            reconciliations[id]?.client = client
            later(1...20, .tell(.reconciled(id, need: step.need, isDone: step.message == nil), life: life))
            if let next = step.message {
                arrive(.reconcile(id.link, session, nil, next), over: id.link)
            }
        } catch {
            later(1...20, .tell(.reconciliationFailed(id, .malformed), life: life))
        }
    }

    mutating func endReconciliation(_ id: ReconciliationID, _ session: SubscriptionID?) {
        reconciliations[id] = nil
        if let session { arrive(.endSession(id.link, session), over: id.link) }
    }

    // MARK: Relays

    /// NEG-OPEN with a filter, or NEG-MSG.
    mutating func reconcile(
        _ link: LinkID, _ session: SubscriptionID, _ filter: Filter?, _ message: [UInt8]
    ) {
        guard let relay = relays[link.relay], relay.link == link else { return }
        if let filter {
            relays[link.relay]?.sessions[session] = filter
            let open = relay.subscriptions.count + (relays[link.relay]?.sessions.count ?? 0)
            if open > known(link.relay).maxSubscriptions ?? 20 {
                complain("\(link.relay) has \(open) subscriptions")
            }
        }
        traffic[link.relay, default: 0] += 1
        if traffic[link.relay, default: 0] > 20_000 {
            complain("there is no end of reconciling with \(link.relay)")
        }
        guard let filter = relays[link.relay]?.sessions[session] else { return }
        if happens(relay.manners.drops) { return dropLink(link.relay) }
        if happens(relay.manners.isSilent) { return }
        func say(_ message: RelayMessage) { send([message], over: link) }
        func err(_ text: String) {
            relays[link.relay]?.sessions[session] = nil
            say(.negentropyError(session, message: text))
        }
        if relay.manners.wantsAuth, !relay.knowsUs { return err("auth-required: who are you") }
        if happens(relay.manners.limitsRate) { return err("rate-limited: slow down") }
        switch relay.manners.negentropy {
        case .silent: return
        case .notice:
            relays[link.relay]?.sessions[session] = nil
            return say(.notice("ERROR: bad msg: unknown cmd"))
        case .disabled: return err("blocked: Negentropy sync is disabled")
        case .closed:
            relays[link.relay]?.sessions[session] = nil
            return say(.closed(session, message: "unsupported: NEG-OPEN"))
        case .blocked(let most) where relay.shelf.matching(filter).count > most:
            return err("blocked: too many query results")
        case .garbage where happens(0.5): return say(.negentropyMessage(session, TagValue("61zz")))
        case .endsSessions where happens(0.3): return err("closed: timed out")
        case .endless:
            return say(
                .negentropyMessage(
                    session, Hexadecimal.text([0x61, 0, 0, 1] + [UInt8](repeating: 7, count: 16))))
        default: break
        }
        var listed = relay.shelf.matching(filter)
        if relay.manners.negentropy == .listsMore { listed += relay.phantoms.filter(filter.matches) }
        let items = NegentropyArray(listed.map { NegentropyItem($0.createdAt, $0.id) })
        let frame = relay.manners.negentropy == .small ? 4096 : nil
        let server = NegentropyServer(limits: NegentropyLimits(frameBytes: frame))
        guard let answer = try? server.answer(message, from: items) else {
            return complain("\(link.relay) was sent what makes no sense")
        }
        say(.negentropyMessage(session, Hexadecimal.text(answer)))
    }
}

/// Bytes as negentropy messages carry them.
enum Hexadecimal {
    static func text(_ bytes: [UInt8]) -> TagValue {
        TagValue(bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    static func bytes(_ text: TagValue) -> [UInt8]? {
        let digits = text.bytes.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
