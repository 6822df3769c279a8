// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

// What the operator lets us follow: whenever that has changed, also while we were off, announcements that were refused
// so far are asked for again, not only in the next audit.
extension SyncPlanner {
    /// Which repositories are archived, taken or barred has changed: the stored announcements are read anew.
    mutating func reconfigure(archive: [ArchivePattern]?, curation: RepositoryCuration?) {
        let archive = archive ?? configuration.archive
        let curation = curation ?? configuration.curation
        guard archive != configuration.archive || curation != configuration.curation, phase != .stopped
        else { return }
        configuration.archive = archive
        configuration.curation = curation
        // Announcements that nobody wanted so far may be wanted now: they are read from the start again.
        reopen(.announcements)
        rows.put(followRules, at: now)
        effects.append(.rescan)
    }

    /// Compares what an earlier run followed with what this one shall.
    mutating func compareFollowRules(with before: SyncRow?) {
        guard before != followRules else { return }
        rows.put(followRules, at: now)
        // Who never said what was followed had nothing to say, or asked for what this run does not.
        guard before != nil || !configuration.archive.isEmpty || !configuration.curation.isEmpty else {
            return
        }
        for relay in restored.keys.sorted() where restored[relay]?.cursors[.announcements] != nil {
            restored[relay]?.cursors[.announcements] = nil
            rows.put(cursorOf: .announcements, at: relay, nil, at: now)
        }
    }

    private var followRules: SyncRow {
        let rules =
            [configuration.service?.description ?? ""] + configuration.archive.map(\.description).sorted()
            + configuration.curation.whitelist.patterns.map { "+\($0)" }.sorted()
            + configuration.curation.blacklist.patterns.map { "-\($0)" }.sorted()
        return .followRules(rules)
    }
}
