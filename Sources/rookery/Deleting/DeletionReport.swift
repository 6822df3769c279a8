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
    /// Of those, about, in **bytes** of the file or of JSON.
    private(set) var bytes = 0
    /// Found, by kind.
    private(set) var kinds: [String: Int] = [:]
    /// Would go if they could, by retention.
    var protected: Int?

    init(isDryRun: Bool) { self.isDryRun = isDryRun }

    mutating func add(_ page: [RetentionRun.Doomed], removed: Int) {
        events += removed
        for doomed in page {
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
            (isDryRun ? "would delete" : "deleted") + " \(Numbers.grouped(events)) events, about "
                + DaemonStatus.size(bytes))
        return lines
    }
}
