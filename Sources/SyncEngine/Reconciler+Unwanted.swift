// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NIOConcurrencyHelpers
import NostrCore
import SyncPlanner

// What relays offer and is not taken, so that it is not asked for again with every reconciliation.
extension Reconciler {
    func note(_ verdicts: [Verdict], of events: [ParsedEvent], from relay: RelayURL) {
        // The thread that writes waits for this.
        guard verdicts.contains(where: \.isUnwanted) else { return }
        remember(zip(events, verdicts).compactMap { $1.isUnwanted ? $0.event : nil }, of: relay)
    }

    func forget(_ relay: RelayURL) { unwanted.withLockedValue { $0.forget(relay) } }

    /// What happens may make wanted what was not.
    func note(_ input: SyncInput, at now: Timestamp) {
        switch input {
        case .skipped(let link, let event):
            guard let outline = event.outline, outline.hasAllTags else { break }
            unwanted.withLockedValue { $0.insert(outline.event, of: link.relay, at: now) }
        case .followed(let stored, _, _):
            let announcements = stored.filter { $0.kind == .repositoryAnnouncement }
            guard !announcements.isEmpty else { break }
            unwanted.withLockedValue { unwanted in
                for announcement in announcements { unwanted.announced(announcement.identifier) }
            }
        case .reconfigured: unwanted.withLockedValue { $0.removeAll() }
        default: break
        }
    }
}

extension Verdict {
    /// Whether the event is not here and would not be, were it sent again.
    var isUnwanted: Bool {
        switch self {
        case .stored, .duplicate, .ephemeral, .failed: false
        case .rejected(.wrongID), .rejected(.badSignature), .rejected(.tooFarAhead): false
        case .superseded, .shadowed, .held, .heldForLength, .rejected: true
        }
    }
}
