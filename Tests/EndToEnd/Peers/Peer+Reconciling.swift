// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

extension Peer {
    /// What nostr-sdk's client said of one reconciliation.
    struct Reconciled {
        /// Of each fate, `local`, `remote`, `sent` and `received`, the ids.
        var ids: [String: Set<EventID>] = [:]
        var failure: String?

        subscript(fate: String) -> Set<EventID> { ids[fate] ?? [] }
    }

    /// Reconciles `events` with what `url` has of each filter.
    static func reconcile(
        _ events: [Event], with url: String, _ filters: [String], isDry: Bool = false,
        as key: SecretKey? = nil, within limit: Duration = .seconds(60)
    ) async throws -> [Reconciled] {
        let directory = try TemporaryDirectory("reconciler")
        let file = try directory.write(jsonl: events, to: "events.jsonl")
        let options = option(key) + (isDry ? ["--dry-run"] : [])
        let lines = try await run(
            "reconciler.py", options + [url, directory.file("db"), file] + filters, within: limit)
        var (results, current): ([Reconciled], Reconciled) = ([], Reconciled())
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch (words.first, words.last) {
            case ("done", _):
                results.append(current)
                current = Reconciled()
            case ("failed", let reason): current.failure = reason
            case (let fate?, let id?): EventID(hex: id).map { _ = current.ids[fate, default: []].insert($0) }
            default: throw Failed(script: "reconciler.py", log: line)
            }
        }
        return results
    }
}
