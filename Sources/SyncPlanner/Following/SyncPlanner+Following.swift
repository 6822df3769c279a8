// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules

// What our own store says: the commit feed, the scan before it, and answers to questions.
extension SyncPlanner {
    mutating func start(_ rows: [SyncRow]) {
        precondition(phase == .idle, "the planner is started once")
        phase = .loading
        restore(rows)
    }

    mutating func follow(stored: [Event], removed: [RemovedEvent], through position: CommitPosition) {
        // What a stretch of the feed both stores and removes is gone. What it removes goes first, so that an older
        // version that came back in its place is taken in; so does what was replaced, as its successor may be gone,
        // too, and is not told then.
        let gone = Set(removed.map(\.id))
        for event in removed { forget(event) }
        for event in stored where !gone.contains(event.id) {
            if event.kind == .repositoryAnnouncement,
                let announcement = RepositoryAnnouncement(event, for: configuration.service)
            {
                _ = followSet.upsert(announcement)
                announcementsChanged = true
                newsArrived()
            }
            note(event)
        }
        followedThrough = max(followedThrough, position)
        for relay in pending.batches.keys.sorted() { confirmFinished(relay) }
    }

    /// Announcements are read anew: what is not among them is no longer followed.
    mutating func startRescan() {
        followSet = FollowSet(configuration.interest)
        storeQuestions.forgetWaiting()
        announcementsChanged = false
        replanAt = nil
        phase = .loading
    }

    /// Every stored announcement was seen.
    mutating func finishScan() {
        announcementsChanged = true
        takeFollowedRepositories(askAgain: true)
        askStore()
        finishLoading()
    }

    /// Everything about an event that is stored: whose it is, whether it is a root, and what it names.
    mutating func note(_ event: Event) {
        let named = EventReferences(event)
        var (addresses, depth) = (Set<EventAddress>(), 0)
        for reference in [Reference.event(event.id)] + (event.address.map { [.address($0)] } ?? []) {
            guard let found = references.remove(reference) else { continue }
            addresses.formUnion(found.repositories)
            depth = max(depth, found.depth)
            dirtyRelays.formUnion(found.repositories.flatMap(relaysOf))
        }
        addresses.formUnion(repositoriesNamed(by: event, named))
        addresses = addresses.filter { repositories.entries[$0] != nil }
        guard !addresses.isEmpty else { return }
        noteAuthor(event.pubkey, of: addresses)
        if event.kind.isRepositoryRoot {
            let most = configuration.limits.repositoriesPerRootMax
            let ours = named.addresses.filter(addresses.contains)
            noteThread(event.id, .root(event.id), depth: 0, of: ours.prefix(most))
        } else if event.kind.isComment {
            // A comment may be answered by what names it alone.
            let depth = (named.ids.compactMap { thread($0)?.depth }.min() ?? 0) + 1
            if depth <= configuration.limits.commentDepthMax {
                noteThread(event.id, .comment(event.id), depth: depth, of: addresses.sorted())
            }
        }
        let references = named.ids.map { Reference.event($0) } + named.addresses.map { .address($0) }
        chase(references.prefix(configuration.limits.referencesPerEventMax), for: addresses, depth: depth + 1)
    }

    private func repositoriesNamed(by event: Event, _ named: EventReferences) -> Set<EventAddress> {
        var addresses: Set<EventAddress> = []
        if event.kind == .repositoryAnnouncement, let address = event.address { addresses.insert(address) }
        if event.kind == .repositoryState {
            addresses.formUnion(repositories.repositoriesOfIdentifier[event.identifier] ?? [])
        }
        addresses.formUnion(named.addresses)
        for id in named.ids {
            if let number = threadNumber(id) {
                addresses.formUnion(repositories.repositories(ofThread: number))
            }
        }
        return addresses
    }

    /// What is known of a root or a comment.
    func thread(_ id: EventID) -> RepoSyncIndex.Thread? {
        threadNumber(id).flatMap { repositories.threads[$0] }
    }

    private func threadNumber(_ id: EventID) -> ItemNumber? {
        items.known(.root(id)) ?? items.known(.comment(id))
    }

    private mutating func noteAuthor(_ author: PublicKey, of addresses: Set<EventAddress>) {
        let item = items.number(.deletions(author))
        for address in addresses.sorted() {
            guard let entry = repositories.entries[address], !entry.items.contains(item) else { continue }
            guard entry.items.count(of: .deletions) < configuration.limits.authorsPerRepositoryMax else {
                report(.overLimit(.authors))
                continue
            }
            if phase == .running { repositories.authorIsNew(item, at: wall) }
            repositories.insertAuthor(item, of: address)
            markDirty(address)
        }
    }

    /// Remembers a root or a comment, whose answers are asked for from now on.
    private mutating func noteThread(
        _ id: EventID, _ item: SyncItem, depth: Int, of addresses: some Sequence<EventAddress>
    ) {
        let number = items.number(item)
        var isNews = false
        for address in addresses {
            guard let entry = repositories.entries[address], !entry.items.contains(number) else { continue }
            let theirs = entry.items.count(of: item.family)
            guard mayRemember(item, besides: theirs, of: address.pubkey) else { continue }
            repositories.insert(number, depth: depth, of: address)
            isNews = true
            markDirty(address)
        }
        if isNews { storeQuestions.ask(thread: id) }
    }

    private mutating func mayRemember(_ item: SyncItem, besides theirs: Int, of owner: PublicKey) -> Bool {
        let limits = configuration.limits
        let share = repositories.shares[owner] ?? RepoSyncIndex.Share()
        let isRoot = item.family == .root
        let (count, most) =
            isRoot
            ? (repositories.rootCount, limits.rootsMax) : (repositories.commentCount, limits.commentsMax)
        let perRepository = isRoot ? limits.rootsPerRepositoryMax : limits.commentsPerRepositoryMax
        if theirs < perRepository, count < most,
            (isRoot ? share.roots : share.comments) < max(1, most / max(1, limits.ownerShare))
        {
            return true
        }
        report(.overLimit(isRoot ? .roots : .comments))
        return false
    }

    /// An event left the store and nothing took its place.
    private mutating func forget(_ event: RemovedEvent) {
        if event.kind == .repositoryAnnouncement, let address = event.address {
            if !followSet.remove(address, id: event.id).isEmpty {
                announcementsChanged = true
                newsArrived()
            }
        }
        for item in [SyncItem.root(event.id), .comment(event.id)] {
            guard let number = items.known(item) else { continue }
            for address in repositories.remove(number) { markDirty(address) }
        }
    }

    // MARK: Questions to our own store

    mutating func found(_ id: StoreQuestionID, _ events: [Event], isLast: Bool) {
        guard storeQuestions.isOpen(id) else { return }
        for event in events { note(event) }
        if isLast {
            storeQuestions.answered(id)
            askStore()
            if phase == .running { lookUpReferences() }
            finishLoading()
        }
    }

    /// Asks as many of the questions that wait as may be open at once.
    mutating func askStore() {
        while let question = storeQuestions.next(configuration.limits) {
            let id = StoreQuestionID(number())
            storeQuestions.opened(id)
            effects.append(.askStore(id, question))
        }
    }

    /// The plan is first made when everything that is stored is known.
    mutating func finishLoading() {
        guard phase == .loading, announcementsChanged, storeQuestions.isEmpty else { return }
        phase = .running
        disconnectCheckAt = now + configuration.disconnectCheckInterval
        cursorsAt = now + configuration.cursorInterval
        replan()
        forgetUnmetRelays()
        // Nobody was asked or dialled meanwhile.
        touched.formUnion(relays.entries.keys)
        mayDial = true
    }

    // MARK: News

    /// News is gathered for a while, counted from the first, before the plan is made anew.
    mutating func newsArrived() {
        guard phase == .running, replanAt == nil else { return }
        replanAt = now + configuration.batchWindow
    }

    mutating func markDirty(_ address: EventAddress) {
        dirtyRelays.formUnion(relaysOf(address))
        newsArrived()
    }

    /// Where a repository is looked for.
    func relaysOf(_ address: EventAddress) -> [RelayURL] {
        Array(repositories.entries[address]?.relays ?? []) + configuration.bootstrap
    }
}
