// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

extension BridgeDesk {
    /// Items shown at once.
    static let mostItems = 1_000

    func items(_ state: String?, _ options: BridgeOrder.Options) throws -> [String] {
        let states: [ModerationState]
        if let state {
            guard let known = ModerationState(rawValue: state) else {
                throw CommandFailure("not a state: \(state.prefix(100))")
            }
            states = [known]
        } else {
            states = [.pending, .held]
        }
        let page = options.page ?? BridgeOrder.Page()
        let limit = min(max(1, page.limit), Self.mostItems)
        // One more of each, to know whether there is more.
        let found = try states.flatMap { try store.items($0, after: page.after, limit: limit + 1) }
            .sorted { $0.number < $1.number }
        let shown = found.prefix(limit)
        if options.json == true { return shown.map(Self.json) }
        var lines = shown.map { item in
            let hits = item.hits.isEmpty ? "" : "  (\(item.hits.joined(separator: ", ")))"
            if case .job(let job) = item.subject {
                let row = try? store.job(job)
                let reason = row?.lastError.map { "  \($0)" } ?? ""
                return
                    "\(item.number)  \(item.state.rawValue)  job \(job), \(row?.action ?? "forgotten"): \(Self.oneLine(item.preview))\(hits)\(reason)"
            }
            return "\(item.number)  \(item.state.rawValue)  \(Self.oneLine(item.preview))\(hits)"
        }
        if found.count > limit, let last = shown.last { lines.append("more: --after \(last.number)") }
        return lines
    }

    private static func json(_ item: ModerationItem) -> String {
        line { output in
            output.member("number", Int(item.number))
            output.member("state", item.state.rawValue)
            switch item.subject {
            case .post(let id): output.member("post", "\(id)")
            case .job(let number): output.member("job", Int(number))
            }
            output.member("account", item.account?.description)
            output.member("event", item.event)
            output.member("rules", item.hits)
            output.member("created_at", at: item.createdAt)
            output.member("changed_at", at: item.changedAt)
            output.member("text", item.preview)
        }
    }

    /// - Parameter words: a verdict, a moderator, a reason, and numbers of items.
    func decide(_ words: [String]) async throws -> [String] {
        guard words.count > 3, let verdict = ModerationDecision.Verdict(rawValue: words[0]) else {
            throw CommandFailure("a verdict, a moderator, a reason and items are needed")
        }
        var lines: [String] = []
        let numbers = try words.dropFirst(3).map { word in
            guard let number = UInt64(word) else {
                throw CommandFailure("not the number of an item: \(word.prefix(100))")
            }
            return number
        }
        var problems: [String] = []
        for number in numbers {
            let decision = ModerationDecision(verdict, .item(number), reason: words[2])
            do {
                let item = try await store.decide(decision, by: words[1], through: .commandLine)
                lines.append("item \(number) is \(item.state.rawValue)")
            } catch { problems.append("item \(number): \(error)") }
        }
        if !problems.isEmpty { throw PartlyDone(lines: lines, problems: problems) }
        return lines
    }

    /// - Parameter words: a name, a role, and a key or nothing.
    func appoint(_ words: [String]) async throws -> [String] {
        guard words.count == 3, let role = ModeratorRole(rawValue: words[1]) else {
            throw CommandFailure("a name, a role (viewer, moderator or admin) and a key are needed")
        }
        var key: PublicKey?
        if !words[2].isEmpty {
            key = PublicKey(hex: words[2])
            if case .npub(let found) = NIP19Entity(bech32: words[2]) { key = found }
            guard key != nil else { throw CommandFailure("not a key (npub… or 64 hexadecimal digits)") }
        }
        guard var moderator = Moderator(name: words[0], role: role, key: key, at: BridgeClock.system.now())
        else {
            throw CommandFailure("not a name: \(words[0].prefix(100))")
        }
        // Another role is no reason to lose what one signs in with.
        if let before = try store.moderator(moderator.name) { moderator.keepAccess(of: before) }
        try await store.appoint(moderator)
        return ["\(moderator.name) is \(role.rawValue)"]
    }
}
