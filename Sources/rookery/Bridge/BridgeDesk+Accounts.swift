// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Telemetry
import TweetBridge
import TweetCore

// Who is mirrored, and how.
extension BridgeDesk {
    func bootstrap() async throws -> [String] {
        let wanted = bridge.configuration.handles
        let missing = try wanted.filter { try store.account(of: $0) == nil }
        var lines = missing.isEmpty ? [] : try await add(missing.map(\.text))
        for handle in wanted where !missing.contains(handle) {
            guard let account = try store.account(of: handle) else { continue }
            lines.append("@\(account.handle) is \(account.id)")
        }
        return lines.isEmpty ? ["bridge.accounts names nobody"] : lines
    }

    func accounts(_ options: BridgeOrder.Options) throws -> [String] {
        try store.accounts().map { account in
            let cursor = try store.cursor(.timeline(account.id))
            return options.json == true ? Self.json(account, cursor) : Self.text(account, cursor)
        }
    }

    func set(_ names: [String], _ change: AccountChange) async throws -> [String] {
        guard !change.isEmpty else { throw CommandFailure("nothing is to be changed") }
        let accounts = try names.map(account)
        if change.isActive == true, let stopped = accounts.first(where: { $0.stop != nil }) {
            throw CommandFailure(
                "@\(stopped.handle): \(stopped.disabledBecause ?? "stopped"); `account add` mirrors it again")
        }
        let usual = bridge.configuration.rules
        var lines: [String] = []
        for account in accounts {
            let row = try await store.updateAccount(account.id) { change.apply(to: &$0, usual: usual) }
            lines.append(Self.text(row, try store.cursor(.timeline(row.id))))
        }
        return lines
    }

    private static func text(_ account: AccountRow, _ cursor: PostID?) -> String {
        var parts = [
            "@\(account.handle)", "\(account.id)",
            account.isActive
                ? account.absence.map { "active, but \($0.rawValue)" } ?? "active"
                : "off: \(account.offReason)",
            cursor.map { "read up to \($0)" } ?? "not read yet",
        ]
        if !account.sources.contains(.posts) { parts.append("own posts left out") }
        if let filter = account.policy.filter {
            parts.append("rules: \(filter.summary.isEmpty ? "none" : filter.summary.joined(separator: "; "))")
        }
        if account.policy.moderation != .inherited {
            parts.append("moderation: \(account.policy.moderation.rawValue)")
        }
        if account.policy.hidden != .keep { parts.append("taken back when protected or suspended") }
        if let interval = account.interval {
            parts.append("every \(Duration.milliseconds(interval).brief)")
        }
        return parts.joined(separator: "  ")
    }

    private static func json(_ account: AccountRow, _ cursor: PostID?) -> String {
        line { output in
            output.member("id", "\(account.id)")
            output.member("handle", account.handle)
            output.member("active", account.isActive)
            output.member("off_because", account.disabledBecause)
            output.member("read_up_to", cursor?.description)
            output.member("mirrors_posts", account.sources.contains(.posts))
            output.member("moderation", account.policy.moderation.rawValue)
            output.member("hidden", account.policy.hidden.rawValue)
            output.member("interval_ms", account.interval.map { Int($0) })
            if let filter = account.policy.filter {
                output.member("rules", json: JSONOutput.object { write(filter, &$0) })
            }
            output.member("added_at", at: account.addedAt)
        }
    }

    private static func write(_ rules: MirrorRules, _ output: inout JSONOutput) {
        output.member("since", at: rules.since)
        output.member("until", at: rules.until)
        output.member("words_required", rules.wordsIn)
        output.member("words_refused", rules.wordsOut)
        output.member("kinds", rules.kindsIn.map(\.rawValue))
        output.member("kinds_refused", rules.kindsOut.map(\.rawValue))
    }
}
