// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore
import RelaySession

/// What is done for reconciliations on a reader thread: a page of a set, or the answer to one message.
extension StoreReader {
    /// A page of a set that was read: how far that is, and what is held by now.
    typealias GatheredPage = (report: GatherReport, set: StoredSet?, heldBytes: Int)

    func set(_ filter: Filter, _ scope: ReadScope, most: Int) -> StoredSetReading {
        StoredSetReading(filter, scope: scope, now: clock.now(), most: most)
    }

    func gather(
        _ reading: inout StoredSetReading, most: Int, _ cancellation: Cancellation
    ) -> GatheredPage {
        var budget = PageBudget()
        budget.shouldYield = slice(cancellation)
        do {
            switch try reading.readPage(of: store, budget: budget) {
            case nil: return (.more, nil, reading.heldBytes)
            case .tooMany: return (.tooMany(most: most), nil, 0)
            case .set(let set): return (.ready, set, set.heldBytes)
            }
        } catch { return (.failed(ReadFailure(error)), nil, 0) }
    }

    func answer(
        _ message: TagValue, from set: StoredSet, under id: SubscriptionID
    ) -> (ReconciliationReport, ServedSet.Answer?) {
        let count = message.bytes.count / 2
        guard let bytes = Hex.decode(message.bytes.span, count: count) else {
            return (.invalid("a negentropy message is lower-case hexadecimal digits"), nil)
        }
        let server = NegentropyServer(limits: NegentropyLimits(frameBytes: frameBytes))
        do {
            let answer = try set.answer(bytes, by: server, from: store)
            let text = Self.message(answer, under: id)
            return (.ready, ServedSet.Answer(text: text, received: count, sent: answer.count))
        } catch {
            switch error {
            case .message(let fault): return (.invalid(fault.description), nil)
            case .storage(let fault): return (.failed(ReadFailure(fault)), nil)
            }
        }
    }

    /// **Bytes** of an answer before it is written in hexadecimal: with what is put around it, it is no longer than a
    /// message of a client may be.
    private var frameBytes: Int {
        min(limits.negentropyFrameBytes, (relayLimits.maxMessageLength - 1_024) / 2)
    }

    /// `["NEG-MSG","<id>","<hexadecimal digits>"]`.
    private static func message(_ bytes: [UInt8], under id: SubscriptionID) -> [UInt8] {
        var text: [UInt8] = []
        RelayMessage.negentropyMessage(id, "").appendJSON(to: &text)
        let end: [UInt8] = Array(#""]"#.utf8)
        text.removeLast(end.count)
        text.reserveCapacity(text.count + 2 * bytes.count + end.count)
        Hex.append(bytes, to: &text)
        return text + end
    }
}
