// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import ServiceLifecycle
public import TweetCore

/// Mirrors chosen accounts of X into the relay, and to further relays: each post once, whatever happens in between.
///
/// ```
///            XClient ──pages──▶ Fetcher ──one transaction: posts, cursor, todo──▶ BridgeStore
///     ActivityStream ──pushed──▶   ▲                                                 │ rings
///                        BridgePlanner                        Publisher ◀────────────┘
///                                             └─one transaction: event, map, outbox──▶ relay, OutboxRunner
/// ```
public final class Bridge: Service {
    public let configuration: BridgeConfiguration
    let store: BridgeStore
    let clock: BridgeClock
    let observer: any BridgeObserver
    let fetcher: Fetcher
    let publisher: Publisher
    let retractor: Retractor
    let profiles: ProfilePublisher
    let keys: MirrorKeys
    let eraser: Eraser
    /// There may be something to take back.
    let erasing = Doorbell()
    private let stream: ActivityStream?
    private let leases: AccountLeases?
    /// There may be something to mirror.
    private let bell = Doorbell()
    /// The accounts are others: what is pushed should be, too.
    private let wish: AsyncStream<Void>.Continuation
    private let wishes: AsyncStream<Void>

    /// - Parameters:
    ///   - stream: of pushed posts; `nil`: polling alone.
    ///   - media: where copies of media are; by default X's own addresses are used.
    ///   - leases: shared with other bridges; `nil`: every account is this one's.
    /// - Throws: what the store says.
    init(
        _ configuration: BridgeConfiguration, source: any TweetSource, stream: ActivityStream?,
        store: BridgeStore,
        keys ring: KeyRing, clock: BridgeClock, observer: any BridgeObserver,
        media: any MediaReadiness = LinkedMedia(), leases: AccountLeases? = nil
    ) throws(BridgeStoreError) {
        self.configuration = configuration
        self.store = store
        self.clock = clock
        self.observer = observer
        self.stream = stream
        self.leases = leases
        keys = MirrorKeys(ring, store: store)
        retractor = Retractor(
            configuration: configuration, store: store, keys: keys, clock: clock, observer: observer)
        profiles = ProfilePublisher(
            configuration: configuration, store: store, keys: keys, clock: clock, observer: observer)
        eraser = Eraser(
            configuration, store: store, keys: keys, clock: clock, observer: observer)
        let fetcher = try Fetcher(
            configuration, source: source, store: store, clock: clock, observer: observer,
            retractor: retractor,
            profiles: profiles, leases: leases, settled: bell)
        self.fetcher = fetcher
        publisher = Publisher(
            configuration: configuration, store: store, keys: keys, profiles: profiles, media: media,
            clock: clock, observer: observer, ceiling: { await fetcher.ceiling(of: $0) })
        (wishes, wish) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// - Parameters:
    ///   - stream: of pushed posts; `nil`: polling alone.
    ///   - leases: shared with other bridges; `nil`: every account is this one's.
    /// - Throws: what the store says.
    public convenience init(
        _ configuration: BridgeConfiguration, source: any TweetSource, stream: ActivityStream?,
        store: BridgeStore,
        keys: KeyRing, clock: BridgeClock = .system, observer: some BridgeObserver, media: KeptMedia? = nil,
        leases: AccountLeases? = nil
    ) throws(BridgeStoreError) {
        let observer: any BridgeObserver = observer
        try self.init(
            configuration, source: source, stream: stream, store: store, keys: keys, clock: clock,
            observer: observer, media: media ?? LinkedMedia() as any MediaReadiness, leases: leases)
    }

    /// Goes on until it is cancelled, or the service group shuts down; what is under way is redone the next time.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.live() }
    }

    private func live() async {
        store.observe { [bell, fetcher, wish, erasing] news in
            switch news {
            case .todo, .moderation, .media: bell.ring()
            case .accounts:
                fetcher.accountsChanged()
                wish.yield()
                erasing.ring()
            case .outbox, .jobs, .moderators: break
            }
        }
        await settleAccounts()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await self.fetcher.run() }
            tasks.addTask { await self.erase() }
            tasks.addTask { await self.publish() }
            tasks.addTask { await self.profiles.renewServers() }
            if let media = self.publisher.media as? KeptMedia, !configuration.isDryRun {
                tasks.addTask { [keys, bell, observer] in
                    await media.run(
                        key: { user throws(BridgeStoreError) in try await keys.key(of: user) },
                        observer: observer,
                        done: { bell.ring() })
                    await media.shutdown()
                }
                tasks.addTask { [keys, observer] in
                    await media.keepTidy(
                        key: { user throws(BridgeStoreError) in try await keys.key(of: user) },
                        observer: observer)
                }
            }
            if let stream {
                tasks.addTask { await stream.run() }
                tasks.addTask { await self.follow(stream) }
                tasks.addTask { await self.subscribe(stream) }
            }
        }
    }

    /// Mirrors whenever there is something to mirror.
    private func publish() async {
        while !Task.isCancelled {
            let now = clock.now()
            let next = min(await publisher.publishAll() ?? .max, now + BridgeLimits.publisherRest)
            await bell.wait(max(10, next - now), clock)
        }
    }

    /// Has X push what the accounts do.
    private func subscribe(_ stream: ActivityStream) async {
        wish.yield()
        for await _ in wishes {
            let accounts = ((try? store.accounts(limit: PlannerLimits.accounts)) ?? []).filter {
                $0.isActive && $0.sources.contains(.posts) && leases?.isHeld($0.id) != false
            }
            do throws(XFailure) { try await stream.follow(accounts.map(\.id)) } catch {
                observer.polled(nil, failures: 1, error)
                do { try await clock.sleep(BridgeLimits.subscribingRest) } catch { return }
                wish.yield()
            }
        }
    }

    private func follow(_ stream: ActivityStream) async {
        for await happening in stream.happenings {
            switch happening {
            case .connected: fetcher.tell(.stream(isConnected: true))
            case .disconnected: fetcher.tell(.stream(isConnected: false))
            case .event(let event):
                do throws(BridgeStoreError) { try await take(event) } catch {
                    observer.failed("keep what was pushed", error.description)
                    // Whatever it was, a poll finds it.
                    if let user = event.user { fetcher.tell(.asked(user)) }
                }
            }
        }
    }

    private func take(_ event: StreamEvent) async throws(BridgeStoreError) {
        switch event.news {
        case .posted(let post, let users):
            // What it refers to is not pushed with it: read whole, with everything a poll would bring.
            if post.snapshot.isWhole {
                try await fetcher.keepPushed(post, users: users)
            } else if let user = event.user ?? post.snapshot.post.author {
                fetcher.tell(.asked(user))
            }
        case .deleted(let id, _): try await retractor.absent(id, .deleted)
        case .profileChanged: fetcher.tell(.profilesDue)
        case .other: return
        }
    }

    /// Finds accounts by their handles and mirrors them from now on.
    ///
    /// - Returns: those that were found.
    public func addAccounts(_ handles: [Handle]) async throws(BridgeFault) -> [AccountRow] {
        var added: [AccountRow] = []
        for some in handles.chunks(of: XQuestion.lookupMax) {
            let page: PostPage
            do { page = try await fetcher.source.ask(.handles(some), for: .ownPosts) } catch {
                throw .unanswered(error)
            }
            for user in page.users { added.append(try await add(user)) }
        }
        return added
    }

    private func add(_ user: User) async throws(BridgeFault) -> AccountRow {
        do throws(BridgeStoreError) {
            if configuration.refusals.denies(user) {
                throw .refused("@\(user.handle): \(AccountStop.denied.text)")
            }
            let row = try await store.addAccount(user)
            if let handle = Handle(user.handle) {
                try await store.remember(.configured(handle), "\(user.id)")
            }
            return row
        } catch { throw .unkept(error) }
    }

    /// The key of the mirror of whoever has this handle now (NIP-05); `nil` when they are not mirrored.
    public func key(ofHandle name: String) async throws(BridgeFault) -> PublicKey? {
        guard let handle = Handle(name) else { return nil }
        do {
            // Whoever had it before has another name by now.
            guard let account = try store.account(of: handle), account.isActive,
                Handle(account.handle) == handle
            else { return nil }
            return try await keys.publicKey(of: account.id)
        } catch { throw .unkept(error) }
    }

    /// Everything is read now, whosever turn it is.
    public func poll() { fetcher.tell(.askedAll) }

    /// Reads and mirrors what there is now, and returns.
    public func once() async {
        await settleAccounts()
        await eraseOnce()
        await fetcher.runOnce()
        await workOnMedia()
        await (publisher.media as? KeptMedia)?.shutdown()
        _ = await publisher.publishAll()
        await eraseOnce()
    }
}

extension Bridge {
    /// Fetches and uploads media that are due, once.
    func workOnMedia() async {
        guard let media = publisher.media as? KeptMedia, !configuration.isDryRun else { return }
        do {
            _ = try await media.work(
                key: { [keys] user throws(BridgeStoreError) in try await keys.key(of: user) },
                observer: observer, done: {})
        } catch { observer.failed("fetch media", "\(error)") }
    }
}

extension Snapshot {
    /// Whether everything that it refers to is known with it.
    var isWhole: Bool {
        author != nil
            && post.references.allSatisfy { reference in referenced.contains { $0.post.id == reference.id } }
            && media.count >= post.mediaKeys.count && polls.count >= post.polls.count
    }
}
