// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import EventStore
import NIOConcurrencyHelpers
import NostrCore
import RelaySession
import TestSupport

/// One life of a store beside the naive model, from a seed: whatever differs is a complaint.
///
/// Writes, deletions, replacements, expirations, requests to vanish and removals are mixed with requests of every
/// kind, read in pages of every size by readers who may see different things, and with subscriptions that
/// begin with what is stored and go on live.
package final class StoreWorld {
    package let seed: UInt64
    package private(set) var complaints: [String] = []
    var random: RandomWorld
    var model = NaiveStore()
    private let directory: TemporaryDirectory
    private var options: StoreOptions
    var store: EventStore?
    private var access: WriteAccess?
    var listeners: [Listener] = []
    var index = SubscriptionIndex()
    var now = RandomWorld.moments.lowerBound
    private var place = "at the beginning"

    /// Nearly everything collides: two bits of ids, one of authors, three of hashes.
    package static let colliding = KeyShape(
        idPrefix: 0xC000_0000, id: 0xC000_0000_0000_0000, author: 0x8000_0000_0000_0000,
        hash: 0xE000_0000_0000_0000)

    package init(seed: UInt64) throws {
        self.seed = seed
        random = RandomWorld(seed: seed)
        directory = try TemporaryDirectory()
        options = StoreOptions(path: directory.path + "/store", mapSize: 1 << 28, durability: .relaxed)
        if seed % 3 == 0 { options.keyShape = Self.colliding }
        // Some worlds have to do with coarser indexes, and with a memory that forgets.
        if seed % 2 == 0 { options.limits.streamsPerQuery = 4 }
        if seed % 5 == 0 { options.limits.ringCommits = 2 }
        options.limits.relaxedSyncSeconds = .max
        options.indexesWords = true
        options.trees = Self.trees
        options.groups = Self.groups
        // However few events a group has.
        options.limits.eventsPerGroup = 0
        if seed % 7 == 0 { options.limits.groupsPerSet = 3 }
        // Deep trees of few items.
        options.keyShape.treeBits = seed % 2 == 0 ? 1 : 2
        try open()
    }

    /// Sets whose sums are kept.
    private static let trees = [
        NegentropyTree(Filter(), leavingOut: [1059, 7]), NegentropyTree(Filter(kinds: [1, 30617])),
    ]
    private static let groups = RepositoryGroups(leavingOut: [1059, 7])

    private func open() throws {
        access = nil
        store = nil
        let opened = try EventStore.open(options)
        store = opened.store
        access = opened.takeWriter()
    }

    package func run(rounds: Int = 6) throws {
        for round in 0..<rounds {
            for step in 0..<random.number(1...5) {
                place = "round \(round), step \(step)"
                try write()
                now += Int64(random.number(0...2))
            }
            for _ in 0..<6 { try request() }
            if random.chance(60) { try subscribe() }
            if random.chance(15) {
                // Now and then words are not indexed for a while.
                if random.chance(20) {
                    options.indexesWords = false
                    options.trees = random.chance(50) ? [] : [Self.trees[1]]
                    options.groups = random.chance(50) ? nil : RepositoryGroups()
                    try open()
                    try write()
                    options.indexesWords = true
                    options.trees = Self.trees
                    options.groups = Self.groups
                }
                try open()
                try build()
                // Whoever had subscribed reads on.
                for place in listeners.indices { listeners[place].isBehind = true }
            }
        }
        place = "at the end"
        for _ in 0..<4 { try request() }
        for place in listeners.indices { try catchUp(place) }
        try finish()
    }

    /// Indexes words in steps of a random size, and writes in between.
    private func build() throws {
        while let store, var access = access.take() {
            let isLeft = try access.transaction(now: Timestamp(now)) { writer throws(StoreError) in
                try writer.buildDerived(limit: random.number(1...40))
            }.0
            self.access = consume access
            if !isLeft { return }
            try write()
            if random.chance(20) { expect(try store.check().isSound, "check while words are indexed") }
        }
    }

    func complain(_ text: String) { complaints.append("seed \(seed), \(place): \(text)") }

    func expect(_ holds: Bool, _ text: @autoclosure () -> String) {
        if !holds { complain(text()) }
    }

    // MARK: Writing

    /// One transaction of a random size; followers are told of it, or hear later.
    private func write() throws {
        let moment = Timestamp(now)
        model.begin()
        guard var access = access.take() else { return }
        var world = Writing(random: random, model: model)
        let (_, commit) = try access.transaction(now: moment) { writer throws(StoreError) in
            try world.write(&writer, at: moment)
        }
        self.access = consume access
        (random, model) = (world.random, world.model)
        for complaint in world.complaints { complain(complaint) }
        guard let commit else { return expect(model.fresh.isEmpty, "there was no commit") }
        expect(Set(commit.stored.map(\.id)) == model.fresh, "the commit has not what the model stored")
        for event in commit.stored { deliver(event) }
        for number in listeners.indices where !listeners[number].isBehind {
            listeners[number].position = commit.sequence
        }
    }

    /// Removes whatever waits to be removed.
    func settle() throws {
        model.begin()
        model.removeExpired(at: Timestamp(now))
        guard var access = access.take() else { return }
        let (_, commit) = try access.transaction(now: Timestamp(now)) { writer throws(StoreError) in
            _ = try writer.removeExpired(limit: .max)
            while try writer.sweepVanished(limit: 20) {}
        }
        self.access = consume access
        guard let commit else { return }
        for number in listeners.indices where !listeners[number].isBehind {
            listeners[number].position = commit.sequence
        }
    }

    private func deliver(_ event: Event) {
        for number in index.matches(event).map(\.place) where !listeners[number].isBehind {
            let isNew = listeners[number].heard.insert(event.id).inserted
            expect(isNew || model.removed.contains(event.id), "\(event.id) came twice")
        }
        let decoded = NaiveStore.Decoded(event)
        for number in listeners.indices
        where listeners[number].filters.contains(where: { NaiveStore.matches($0, decoded) }) {
            listeners[number].owed.insert(event.id)
        }
    }

    // MARK: Reading

    private func request() throws {
        guard let store else { return }
        let (filters, scope, moment) = (random.request(), random.scope(), Timestamp(now))
        let text = "\(filters.map(\.canonicalJSON))"
        let expected = model.events(filters, maxLimit: 15, defaultLimit: 12, now: moment, scope: scope)
        for budget in [PageBudget.unlimited, PageBudget(maxWork: 1), PageBudget(maxEvents: 3)] {
            var query = StoredQuery(
                filters: filters, maxLimit: 15, defaultLimit: 12, now: moment, scope: scope)
            let found = try Self.readAll(&query, of: store, budget)
            expect(found == expected, "\(text) found \(found), not \(expected)")
        }
        var count = StoredCount(filters: filters, now: moment, scope: scope)
        while try count.readPage(of: store, budget: PageBudget(maxWork: random.number(1...200))) == .more {}
        expect(
            count.total == model.count(filters, now: moment, scope: scope), "\(text) counted \(count.total)")
        try walkBack(filters[0], scope)
        try reconcile(filters[0], scope)
        try countAuthors()
        if let known = random.known() {
            let isThere = model.contains(known.id)
            expect(try store.contains(known.id) == isThere, "\(known.id) is not there or should not be")
        }
    }

    /// Whoever's event ever counted is in the sum, and nobody else.
    private func countAuthors() throws {
        // In an order that every run has.
        guard let store,
            let query = CountedQuery.allCases.randomElement(using: &random.random),
            let targets = model.counted[query],
            let value = targets.keys.sorted().randomElement(using: &random.random),
            let authors = targets[value]
        else { return }
        let letter = Character(Unicode.Scalar(query.letter))
        let filter = Filter(kinds: query.kinds, tags: [letter: [value]])
        var expected = HyperLogLog()
        let offset = CountedTarget(value.bytes.span).offset
        for author in authors { expected.insert(author, offset: offset) }
        var count = StoredCount(filters: [filter], now: Timestamp(now))
        while try count.readPage(of: store, budget: .unlimited) == .more {}
        expect(count.answer.authors == expected, "\(filter.canonicalJSON): another sum of authors")
    }

    /// Pages by `until`, as clients do, find everything.
    private func walkBack(_ filter: Filter, _ scope: ReadScope) throws {
        guard let store else { return }
        let moment = Timestamp(now)
        var (filter, found) = (filter, Set<EventID>())
        filter.limit = nil
        // What is searched for has another order.
        filter.search = nil
        let whole = model.events([filter], maxLimit: .max, defaultLimit: .max, now: moment, scope: scope)
        // As many as share the busiest second, and one more: otherwise the next page would be the same.
        filter.limit = model.busiestSecond + 1
        while true {
            var query = StoredQuery(
                filters: [filter], maxLimit: .max, defaultLimit: .max, now: moment, scope: scope)
            var oldest: Timestamp?
            let page = try Self.readAll(&query, of: store, .unlimited) { oldest = $0.createdAt }
            found.formUnion(page)
            guard page.count == filter.limit, let oldest else { break }
            filter.until = oldest
        }
        expect(found == Set(whole), "paging \(filter.canonicalJSON) found \(found.count) of \(whole.count)")
    }

    static func readAll(
        _ query: inout StoredQuery, of store: EventStore, _ budget: PageBudget,
        _ body: (EventHeader) -> Void = { _ in }
    ) throws -> [EventID] {
        var found: [EventID] = []
        while try query.readPage(
            of: store, budget: budget,
            emit: { _, header in
                found.append(header.id)
                body(header)
                return true
            }) == .more
        {}
        return found
    }
}

extension StoreWorld {
    /// The file agrees with itself and with the model, swept or not.
    private func finish() throws {
        guard let store, var access = access.take() else { return }
        let report = try store.check()
        expect(report.isSound && report.isComplete, "check: \(report.faults)")
        while try access.transaction(
            now: Timestamp(now),
            { writer throws(StoreError) in
                try writer.sweepVanished(limit: 7)
            }
        ).0 {}
        self.access = consume access
        let after = try store.check()
        expect(after.isSound && after.isComplete, "check after the sweep: \(after.faults)")
        expect(after.events == model.count, "\(after.events) events are left, not \(model.count)")
    }
}
