// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import NostrCore

/// What was deleted, or would be.
struct DeletionReport: Codable, Hashable {
    /// Whether nothing was removed.
    var isDryRun: Bool
    /// Removed, or found when nothing is removed.
    private(set) var events = 0
    /// What they took, in **bytes** as `rookery stats` counts what is live.
    private(set) var bytes = 0
    /// The same events by kind.
    private(set) var kinds: [String: Int] = [:]
    /// Would go if they could, by retention.
    var protected: Int?

    /// **Bytes** that the store still holds above the size asked for, where nothing more matches.
    var excess: Int?

    init(isDryRun: Bool) { self.isDryRun = isDryRun }

    mutating func add(_ gone: [RetentionRun.Doomed]) {
        events += gone.count
        for doomed in gone {
            bytes += doomed.bytes
            kinds[String(doomed.kind.rawValue), default: 0] += 1
        }
    }

    /// For people.
    var lines: [String] {
        var lines = kinds.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(20).map {
            "kind \($0.key): \(Numbers.grouped($0.value))"
        }
        if kinds.count > 20 { lines.append("and \(kinds.count - 20) more kinds") }
        if let protected, protected > 0 {
            lines.append("protected: \(Numbers.grouped(protected)) that are as old or as many, and stay")
        }
        lines.append(
            (isDryRun ? "would delete" : "deleted")
                + " \(Numbers.grouped(events)) \(events == 1 ? "event" : "events"), about "
                + DaemonStatus.size(bytes))
        return lines
    }
}
