// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncEngine
import SyncPlanner

/// One filter asked of one relay, and what it has stored.
///
/// What comes is checked here: the relay is a stranger's.
struct RelayQuestion {
    let relay: RelayURL
    let filter: Filter
    /// Events that are taken.
    let most: Int

    /// How long the whole answer may take.
    static let patience = Duration.seconds(10)

    /// - Returns: events whose ids and signatures are true, in the relay's order, and why the answer ended before its end.
    func ask(through connector: any UpstreamConnector) async -> (events: [Event], problem: String?) {
        let (reports, mailbox) = AsyncStream.makeStream(of: (report: UpstreamReport?, bytes: Int).self)
        let socket = StreamSocket()
        socket.dial(relay, through: connector) { mailbox.yield(($0, $1)) }
        defer { socket.hangUp() }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                mailbox.yield((nil, 0))
            }
            defer { group.cancelAll() }
            var events: [Event] = []
            for await (report, bytes) in reports {
                socket.taken(bytes)
                switch report {
                case nil: return (events, "it did not finish within 10 seconds")
                case .opened: socket.send(.request("q", [filter]))
                case .failed(let failure, _, let detail):
                    return (events, failure.explanation + (detail.map { ": \($0)" } ?? ""))
                case .closed(let end): return (events, end.rawValue)
                case .skipping, .skipped: continue
                case .received(let messages, _, _):
                    for message in messages {
                        if let end = take(message, &events) { return (events, end.problem) }
                    }
                }
            }
            return (events, nil)
        }
    }

    /// How an answer ended.
    private struct End {
        var problem: String?
    }

    private func take(_ message: RelayMessage, _ events: inout [Event]) -> End? {
        switch message {
        case .event(_, let parsed):
            guard let event = parsed.withTrueID(), filter.matches(event),
                Verifier().verify(
                    signature: event.signatureBytes, message: event.id.bytes, pubkey: event.pubkey)
            else { return nil }
            events.append(event)
            return events.count == most ? End() : nil
        case .endOfStoredEvents: return End()
        case .closed(_, let message): return End(problem: message)
        default: return nil
        }
    }
}
