// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NostrCore

// What is banned goes from the store, some events at a time, so that nobody waits for a prolific author to be gone.
extension Moderation {
    /// Whether somebody is at it.
    struct Clearing {
        var isRunning = false
        /// The lists changed meanwhile: once more from the start.
        var isStale = false
    }

    /// Authors or ids that one filter asks for.
    private static let subjectsAtOnce = 200
    /// How often a full door is tried again, once a second; then at the next start.
    private static let patience = 10

    /// Removes everything that is banned by now; also what a crash left over. Returns at once.
    public func clear() {
        let starts = clearing.withLockedValue { clearing in
            defer { clearing.isRunning = true }
            clearing.isStale = clearing.isRunning
            return !clearing.isRunning
        }
        guard starts else { return }
        Task { [self] in
            repeat { await clearAll() } while goesOn()
        }
    }

    private func goesOn() -> Bool {
        clearing.withLockedValue { clearing in
            defer { clearing.isStale = false }
            clearing.isRunning = clearing.isStale
            return clearing.isStale
        }
    }

    /// The first step of what a change asks for; the rest goes on by itself.
    func clear(after change: ModerationChange) async {
        switch change {
        case .banEvent(let id, _):
            if await ingest.remove(Filter(ids: [id]), limit: 1) == nil { clear() }
        case .banPubkey(let key, _):
            let removed = await ingest.remove(
                Filter(authors: [key]), keeping: lists.allowedEventIDs, limit: limits.removedAtOnce)
            // What is left, or could not be removed because the door was full.
            if removed == nil || removed == limits.removedAtOnce { clear() }
        default: break
        }
    }

    private func clearAll() async {
        let lists = lists
        for part in Self.parts(lists.entries(\.bannedEvents).map(\.subject)) {
            await clear { lists in Filter(ids: part.filter { lists.bans($0) }) }
        }
        for part in Self.parts(lists.entries(\.bannedPubkeys).map(\.subject)) {
            await clear { lists in Filter(authors: part.filter { lists.bans($0) }) }
        }
    }

    private func clear(_ filter: (ModerationLists) -> Filter) async {
        var (removed, patience): (Int?, Int) = (nil, Self.patience)
        while true {
            // Who was let in again meanwhile keeps what is left.
            let lists = lists
            removed = await ingest.remove(
                filter(lists), keeping: lists.allowedEventIDs, limit: limits.removedAtOnce)
            if removed == nil, patience > 0, ingest.health != .closed {
                // The door is full, or the store cannot be written to: nobody tells when that is over.
                patience -= 1
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            } else if removed != limits.removedAtOnce {
                return
            }
        }
    }

    private static func parts<Subject>(_ subjects: [Subject]) -> [[Subject]] {
        stride(from: 0, to: subjects.count, by: subjectsAtOnce).map {
            Array(subjects[$0..<min($0 + subjectsAtOnce, subjects.count)])
        }
    }
}
