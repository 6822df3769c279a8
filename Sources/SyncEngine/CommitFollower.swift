// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import SyncPlanner

/// Tells the planner everything that happens to the store: first what is announced already, then every commit, in
/// order, one page at a time.
///
/// The feed only rings: a follower that is slow reads later, and one that fell behind the feed's horizon, or is
/// asked to, reads the announcements anew.
struct CommitFollower: Sendable {
    let reader: StoreReader
    let mailbox: SyncMailbox
    let bell: Bell

    func run() async throws {
        let subscription = reader.store.feed.subscribe { [bell] item in
            if case .commit = item { bell.ring() }
        }
        defer { subscription.cancel() }
        var position = try await scan()
        while !Task.isCancelled {
            if bell.takeRescan() {
                await mailbox.deliver(.rescanStarted)
                position = try await scan()
            }
            switch try await reader.commits(after: position) {
            case .commits(let commits) where commits.isEmpty:
                await bell.wait()
            case .commits(let commits):
                for stretch in Self.stretches(commits) { await mailbox.deliver(.followed(stretch)) }
                position = commits.last?.sequence ?? position
            case .beyondHorizon:
                await mailbox.deliver(.rescanStarted)
                position = try await scan()
            }
        }
    }

    /// Commits that can be told together: none stores again what another of them removed.
    static func stretches(_ commits: [Commit]) -> [[Commit]] {
        var stretches: [[Commit]] = []
        var removed: Set<EventID> = []
        for commit in commits {
            if stretches.isEmpty || commit.stored.contains(where: { removed.contains($0.id) }) {
                stretches.append([])
                removed = []
            }
            stretches[stretches.count - 1].append(commit)
            removed.formUnion(commit.removed.map(\.id))
        }
        return stretches
    }

    /// Hands over every stored announcement.
    ///
    /// - Returns: the commit to go on after.
    private func scan() async throws -> CommitSequence {
        let position = reader.store.latest
        let announcements = Filter(kinds: [.repositoryAnnouncement])
        try await reader.events(matching: [announcements]) { events, _ in
            await mailbox.deliver(
                .followed(stored: events, removed: [], through: CommitPosition(position.rawValue)))
        }
        await mailbox.deliver(.caughtUp)
        return position
    }
}

extension SyncInput {
    /// Commits as the planner sees them, in one stretch.
    fileprivate static func followed(_ commits: [Commit]) -> SyncInput {
        .followed(
            stored: commits.flatMap(\.stored),
            removed: commits.flatMap(\.removed).map { removal in
                RemovedEvent(
                    id: removal.id, kind: removal.kind, address: removal.address,
                    wasReplaced: removal.reason == .replaced)
            },
            through: CommitPosition(commits.last?.sequence.rawValue ?? 0))
    }
}
