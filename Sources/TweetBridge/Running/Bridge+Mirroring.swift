// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

/// What came of wanting a post mirrored.
public enum MirrorAnswer: Hashable, Sendable {
    case mirrored(EventID)
    /// It is mirrored since then, or was and is taken back.
    case known(MirrorRow)
    /// An item waits for somebody's decision.
    case undecided(UInt64)
    /// It was decided against before.
    case settled(PostState)
    /// Something is awaited first: **milliseconds** since 1970 when it is looked at again.
    case later(Int64)
    /// It is a dry run.
    case rehearsed
    /// X does not give it, and why.
    case absent(Absence)
}

extension Bridge {
    /// Mirrors a post now, whosever it is and whatever filters say. Each version has one event, ever.
    ///
    /// - Parameters:
    ///   - force: also what was rejected, what our own relay refused, and what seemed to be gone.
    ///   - fetchesMedia: where nobody else does.
    public func mirror(
        _ id: PostID, force: Bool, fetchesMedia: Bool = false
    ) async throws(BridgeFault) -> MirrorAnswer {
        if try needsReading(id) {
            switch try await readPosts([id], again: force)[id] {
            case .kept, nil: break
            case .absent(let absence): return .absent(absence)
            case .gone(let row): return .absent(row.absence)
            }
        }
        do {
            switch try await store.demand(id, force: force) {
            case .mirrored(let row): return .known(row)
            case .undecided(let number): return .undecided(number)
            case .settled(let state): return .settled(state)
            case .unread: return .absent(.unknown)
            case .queued(let todo):
                var outcome = try await publisher.publish(todo, depth: 0)
                if case .later = outcome, fetchesMedia {
                    await workOnMedia()
                    outcome = try await publisher.publish(todo, depth: 0)
                }
                // Whoever mirrors the rest sees to it.
                if case .later = outcome { store.tell(.todo) }
                return try answer(id, outcome)
            }
        } catch { throw .unkept(error) }
    }

    /// One that is only known because another refers to it was not read whole.
    private func needsReading(_ id: PostID) throws(BridgeFault) -> Bool {
        do { return try store.post(id)?.isReference ?? true } catch { throw .unkept(error) }
    }

    private func answer(
        _ id: PostID, _ outcome: Publisher.Outcome
    ) throws(BridgeStoreError) -> MirrorAnswer {
        if let row = try store.mirror(id), let event = row.id { return .mirrored(event) }
        if let state = try store.state(of: id) { return .settled(state) }
        switch outcome {
        case .later(let moment): return .later(moment)
        case .done, .waits: return configuration.isDryRun ? .rehearsed : .later(clock.now())
        }
    }

    /// Publishes an account's profile and lists, as far as they say something new.
    ///
    /// - Parameter again: also when they do not.
    /// - Returns: whether anything was published.
    public func publishProfile(of user: User, again: Bool) async throws(BridgeFault) -> Bool {
        do {
            let said = try await profiles.publishProfile(of: user, again: again)
            return try await profiles.publishLists(of: user.id, again: again) || said
        } catch { throw .unkept(error) }
    }

    /// Publishes where an account's mirror is found: its relays and media servers.
    public func publishLists(of user: UserID, again: Bool) async throws(BridgeFault) -> Bool {
        do { return try await profiles.publishLists(of: user, again: again) } catch { throw .unkept(error) }
    }

    /// What a post that was read would become now; nothing is made.
    ///
    /// - Returns: `nil` when it can become no event.
    public func preview(_ read: Snapshot) async throws(BridgeFault) -> UnsignedEvent? {
        guard let author = read.post.author else { return nil }
        do {
            guard try publisher.consent.refusal(of: read) == nil else { return nil }
            let snapshot = try publisher.consent.told(read)
            let key = try await keys.publicKey(of: author)
            let resolution = try await publisher.resolution(for: snapshot)
            return try? Converter(configuration.conversion).draft(
                of: snapshot, by: key, with: resolution)?.event
        } catch { throw .unkept(error) }
    }
}
