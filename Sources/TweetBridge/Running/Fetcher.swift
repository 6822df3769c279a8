// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Performs what the planner decides: asks, keeps what was answered in one transaction with the cursor, and says so.
actor Fetcher {
    let configuration: BridgeConfiguration
    let source: any TweetSource
    let store: BridgeStore
    let clock: BridgeClock
    let observer: any BridgeObserver
    let retractor: Retractor
    let profiles: ProfilePublisher
    /// `nil`: every account is ours.
    private let leases: AccountLeases?
    /// Rung when a page is kept and the planner knows it: what waited for older posts may go on.
    private let settled: Doorbell
    /// Accounts that another bridge looks after.
    private var waiting: Set<UserID> = []
    private(set) var planner: BridgePlanner
    private let inbox = FetcherInbox()
    /// Handles of the configuration that no account is known for.
    private var unresolved: Set<Handle>

    init(
        _ configuration: BridgeConfiguration, source: any TweetSource, store: BridgeStore, clock: BridgeClock,
        observer: any BridgeObserver, retractor: Retractor, profiles: ProfilePublisher,
        leases: AccountLeases?, settled: Doorbell,
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(BridgeStoreError) {
        self.configuration = configuration
        self.source = source
        self.store = store
        self.clock = clock
        self.observer = observer
        self.retractor = retractor
        self.profiles = profiles
        self.leases = leases
        self.settled = settled
        planner = BridgePlanner(configuration.planner, progress: try store.listProgress(), chance: chance)
        unresolved = Set(configuration.handles)
    }

    /// Tells the planner something.
    nonisolated func tell(_ input: BridgeInput) { inbox.add(input) }

    /// The accounts of the store are others than before.
    nonisolated func accountsChanged() { tell(.accounts([])) }

    func ceiling(of account: UserID) -> PostID? { planner.ceiling(of: account) }

    /// Goes on until it is cancelled.
    func run() async {
        tell(.accounts([]))
        await withDiscardingTaskGroup { tasks in
            var alarm: Task<Void, Never>?
            defer { alarm?.cancel() }
            if leases != nil { tasks.addTask { await self.watchLeases() } }
            for await _ in inbox.rings {
                for input in inbox.takeAll().flatMap(resolved) {
                    for effect in planner.handle(input, at: clock.now()) { perform(effect, &tasks) }
                    if case .kept = input { settled.ring() }
                }
                alarm?.cancel()
                alarm = planner.nextDeadline(after: clock.now()).map { deadline in
                    Task { [clock, inbox] in
                        do { try await clock.sleep(max(1, deadline - clock.now())) } catch { return }
                        inbox.add(.tick)
                    }
                }
            }
            tasks.cancelAll()
        }
    }

    /// Reads everything once and returns when nothing is due any more (`rookery bridge once`).
    func runOnce() async {
        var waiting = resolved(.accounts([]))
        while !waiting.isEmpty {
            for effect in planner.handle(waiting.removeFirst(), at: clock.now()) {
                guard case .fetch(let fetch) = effect else {
                    waiting += [note(effect)].compactMap(\.self)
                    continue
                }
                waiting.append(await answer(to: fetch))
                if case .handles = fetch.subject { waiting += resolved(.accounts([])) }
            }
        }
    }

    /// An input with what the store knows by now.
    private func resolved(_ input: BridgeInput) -> [BridgeInput] {
        guard case .accounts = input else { return [input] }
        let rows: [AccountRow]
        do throws(BridgeStoreError) {
            rows = try store.accounts(limit: PlannerLimits.accounts)
            try forgetResolved(rows)
        } catch {
            // All goes on as it is.
            observer.failed("read which accounts are mirrored", error.description)
            return []
        }
        let watched = ours(of: rows.filter(\.isActive)).map {
            WatchedAccount(
                id: $0.id, handle: Handle($0.handle), isMirrored: $0.sources.contains(.posts),
                interval: $0.interval)
        }
        observer.watching(Set(watched.map(\.id)))
        return [.accounts(watched), .unresolved(unresolved.sorted { $0.folded < $1.folded })]
    }

    /// Who was found under a handle of the configuration stays who is meant, whoever has that handle now.
    private func forgetResolved(_ rows: [AccountRow]) throws(BridgeStoreError) {
        unresolved.subtract(rows.compactMap { Handle($0.handle) })
        let known = Set(rows.map(\.id))
        for handle in unresolved {
            guard let bound = try store.remembered(.configured(handle)).flatMap({ UserID($0.value) }),
                known.contains(bound)
            else { continue }
            unresolved.remove(handle)
        }
    }

    /// Those that no other bridge looks after.
    private func ours(of rows: [AccountRow]) -> [AccountRow] {
        guard let leases else { return rows }
        let (held, fault) = leases.hold(rows.lazy.map(\.id))
        if let fault { observer.hindered("take the lease of an account", fault.description) }
        let others = Set(rows.lazy.map(\.id).filter { !held.contains($0) })
        for id in others.subtracting(waiting).sorted() { observer.leased(id, isOurs: false) }
        for id in waiting.subtracting(others).intersection(held).sorted() {
            observer.leased(id, isOurs: true)
        }
        waiting = others
        return rows.filter { held.contains($0.id) }
    }

    /// Nobody tells when a lease is free.
    private func watchLeases() async {
        while (try? await clock.sleep(BridgeLimits.leaseRest)) != nil {
            guard let leases, !waiting.isEmpty else { continue }
            // Whoever asks X for pushed posts is to know, too.
            if leases.take(waiting) { store.tell(.accounts) }
        }
    }

    private func perform(_ effect: BridgeEffect, _ tasks: inout DiscardingTaskGroup) {
        switch effect {
        case .fetch(let fetch): tasks.addTask { self.tell(await self.answer(to: fetch)) }
        default: if let input = note(effect) { tell(input) }
        }
    }

    /// - Returns: what the planner is to know.
    private func note(_ effect: BridgeEffect) -> BridgeInput? {
        switch effect {
        case .fetch: return nil
        case .choosePosts(let kind, let limit): return .chosen(kind, choose(kind, limit))
        // Kept by the task that asked.
        case .unreadable(let id, let absence): observer.unreadable(id, absence)
        case .lost(let scope, let gap): observer.lost(scope, gap)
        case .paused(let until, let failure): observer.paused(until: until, failure)
        }
        return nil
    }

    /// Asks, and keeps what is answered.
    private func answer(to fetch: Fetch) async -> BridgeInput {
        let page: PostPage
        do throws(XFailure) { page = try await source.ask(fetch.question, for: fetch.purpose) } catch {
            if error != Turnstile.resting {
                observer.polled(fetch.subject.account, failures: failures(of: fetch) + 1, error)
            }
            if case .absent(let absence, _) = error, let id = fetch.subject.account {
                await hide(id, absence)
            }
            return .failed(fetch.id, error)
        }
        do throws(BridgeStoreError) {
            try await keep(page, for: fetch)
            observer.polled(fetch.subject.account, failures: 0, nil)
            return .kept(fetch.id)
        } catch {
            observer.failed("keep a page", error.description)
            return .notKept(fetch.id)
        }
    }

    private func failures(of fetch: Fetch) -> Int64 {
        fetch.subject.account.map { planner.failures(of: $0) } ?? 0
    }

    private func keep(_ page: PostPage, for fetch: Fetch) async throws(BridgeStoreError) {
        switch fetch.subject {
        case .list(let scope, _):
            let change = planner.take(fetch.id, page: page, at: clock.now())
            try await keep(page, change.map { CursorChange($0, at: clock.now()) }, of: scope)
        case .quotes(let posts):
            try await keep(page, nil, of: nil)
            for id in posts { try await store.remember(.quoteChecked(id), "\(clock.now())") }
        case .handles(let handles): try await adopt(page, handles)
        case .profiles(let ids): try await refresh(page, ids)
        case .sweep(let posts), .counts(let posts): try await sweep(page, posts)
        }
    }

    /// Handles that have become accounts are watched from now on.
    private func adopt(_ page: PostPage, _ handles: [Handle]) async throws(BridgeStoreError) {
        for handle in handles {
            guard let user = page.users.first(where: { Handle($0.handle) == handle }) else {
                observer.hindered("find the account @\(handle.text)", page.problem(of: handle.text))
                continue
            }
            do throws(BridgeStoreError) {
                _ = try await store.addAccount(user)
            } catch {
                guard case .refused(let reason) = error else { throw error }
                observer.leftAlone(handle, reason)
            }
            if configuration.refusals.denies(user) {
                try await store.stop(user.id, because: .denied)
            }
            if let account = try store.account(user.id), !account.isActive {
                observer.leftAlone(handle, account.offReason)
            }
            try await store.remember(.configured(handle), "\(user.id)")
        }
        accountsChanged()
    }

    /// An account cannot be read: its events stay, unless the operator wants otherwise.
    private func hide(_ id: UserID, _ absence: Absence) async {
        do throws(BridgeStoreError) {
            guard try await store.note(absence, of: id), absence != .unknown else { return }
            let policy = try store.account(id)?.policy.hidden
            guard configuration.takesBackHidden || policy == .delete else { return }
            try await store.erase(
                ErasureRow(user: id, reason: absence.deletionReason, startedAt: clock.now()))
        } catch { observer.failed("note that an account cannot be read", error.description) }
    }

    private func refresh(_ page: PostPage, _ ids: [UserID]) async throws(BridgeStoreError) {
        _ = try await store.store(users: page.users)
        for user in page.users { try await profiles.publish(user) }
        for problem in page.problems {
            guard let id = problem.value.flatMap({ UserID($0) }), let absence = problem.absence else {
                continue
            }
            observer.unreadable(id, absence)
            await hide(id, absence)
        }
    }
}

extension PostPage {
    func problem(of value: String) -> String {
        problems.first { $0.value?.lowercased() == value.lowercased() }.map { "\($0.title): \($0.type)" }
            ?? "X does not know it"
    }
}

extension Fetch.Subject {
    /// Whose list it is.
    var account: UserID? {
        if case .list(.timeline(let id), _) = self { id } else { nil }
    }
}
