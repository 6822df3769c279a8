// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

// Making events because an operator wants them.
extension BridgeDesk {
    func mirror(_ names: [String], _ options: BridgeOrder.Options) async throws -> [String] {
        let ids = try names.map(Self.post)
        var (lines, problems) = ([String](), [String]())
        for id in ids {
            do {
                let answer = try await bridge.mirror(
                    id, force: options.force == true, fetchesMedia: isAlone)
                if answer.isMirrored {
                    lines.append(Self.text(answer, about: id))
                } else {
                    problems.append(Self.text(answer, about: id))
                }
            } catch { problems.append("\(id): \(error)") }
        }
        guard problems.isEmpty else { throw PartlyDone(lines: lines, problems: problems) }
        return lines
    }

    private static func text(_ answer: MirrorAnswer, about id: PostID) -> String {
        switch answer {
        case .mirrored(let event): "\(id) is mirrored as \(event.hex)"
        case .known(let row) where row.isStanding: "\(id) was mirrored before as \(row.event)"
        case .known(let row): "\(id) was mirrored as \(row.event) and taken back: it has no second event"
        case .undecided(let item): "\(id) waits for a decision about item \(item)"
        case .settled(let state):
            "\(id) is \(state.fate.rawValue)\(state.reason.isEmpty ? "" : ": \(state.reason)")"
                + (state.fate == .rejected || state.fate == .refused || state.fate == .gone
                    ? " (--force)" : "")
        case .later: "\(id) is mirrored as soon as what it waits for is there"
        case .rehearsed: "\(id) would be mirrored, and is kept for that: bridge.dry_run is on"
        case .absent(.unknown): "X does not give \(id)"
        case .absent(let absence): "\(id) is \(absence.rawValue)"
        }
    }

    func publishProfiles(_ names: [String], _ options: BridgeOrder.Options) async throws -> [String] {
        try refuseDryRun()
        let handles = try names.map(Self.handle)
        let users = try await bridge.readProfiles(handles)
        try Self.check(handles, users)
        var lines: [String] = []
        for user in users {
            let said = try await bridge.publishProfile(of: user, again: options.force == true)
            lines.append("@\(user.handle): " + said.publishedText("the profile"))
        }
        return lines
    }

    func publishLists(_ names: [String], _ options: BridgeOrder.Options) async throws -> [String] {
        try refuseDryRun()
        var lines: [String] = []
        let accounts = names.isEmpty ? try store.accounts().filter(\.isActive) : try names.map(account)
        for account in accounts {
            guard account.isActive else {
                lines.append("@\(account.handle) is not mirrored")
                continue
            }
            let said = try await bridge.publishLists(of: account.id, again: options.force == true)
            lines.append("@\(account.handle): " + said.publishedText("the relay list"))
        }
        return lines.isEmpty ? ["no account is mirrored"] : lines
    }

    func retry(_ names: [String]) async throws -> [String] {
        let numbers = try names.map { name in
            guard let number = UInt64(name) else {
                throw CommandFailure("not the number of a job: \(name.prefix(100))")
            }
            return number
        }
        guard numbers.isEmpty else {
            for number in numbers { try await store.revive(number) }
            return numbers.map { "job \($0) is done again" }
        }
        var count = 0
        while case let more = try await store.retryFailedMedia(), more > 0 { count += more }
        let uploads = try await store.retryFailedUploads()
        return ["\(count) media are fetched again"]
            + (uploads > 0 ? ["\(uploads) files are brought to Blossom servers again"] : [])
            + (try store.deadJobs(limit: 100)).map { job in
                "job \(job.number) of the queue \(job.queue) was given up: \(job.lastError ?? job.action)"
            }
    }
}

extension MirrorAnswer {
    /// Whether it is, or will be without anybody doing more.
    fileprivate var isMirrored: Bool {
        switch self {
        case .mirrored, .later, .rehearsed: true
        case .known(let row): row.isStanding
        case .undecided, .settled, .absent: false
        }
    }
}

extension Bool {
    /// Of whether something was published.
    fileprivate func publishedText(_ what: String) -> String {
        self ? "\(what) is published" : "\(what) says nothing new (--force publishes it all the same)"
    }
}
