// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore

extension StoreWorld {
    /// A client that holds what the model says, but for some of it, finds just that (NIP-77).
    func reconcile(_ filter: Filter, _ scope: ReadScope) throws {
        guard let store else { return }
        var (filter, scope) = (filter, scope)
        if random.chance(60) {
            // Sums tell a set when nothing waits to be removed, and strangers what is not left out.
            try settle()
            if random.chance(70) { scope = ReadScope(guardedKinds: [1059, 7]) }
        }
        if random.chance(40) {
            // One whose sums are kept, of any span.
            filter = Filter(
                kinds: random.chance(40) ? [1, 30617] : nil, since: filter.since, until: filter.until)
        } else if random.chance(70) {
            filter = random.ofRepositories(since: filter.since, until: filter.until)
        }
        filter.limit = nil
        let moment = Timestamp(now)
        let expected = model.items([filter], now: moment, scope: scope)
        let added = (0..<random.number(0...3)).compactMap { _ in random.known() }
            .map { NegentropyItem($0.createdAt, $0.id) }
        let whole = Set(expected).union(added)
        var reading = StoredSetReading(filter, adding: added, scope: scope, now: moment, most: 10_000)
        let budget = PageBudget(maxWork: random.number(1...500))
        var end: StoredSetReading.End?
        while end == nil { end = try reading.readPage(of: store, budget: budget) }
        guard case .set(let set) = end else {
            return complain("\(filter.canonicalJSON): too many to reconcile")
        }
        if added.isEmpty {
            expect(set.count == whole.count, "\(filter.canonicalJSON): \(set.count) of \(whole.count) items")
        }
        let lost = whole.sorted().filter { _ in random.chance(10) }
        let surplus = (0..<random.number(0...3)).compactMap { _ in random.known() }
            .map { NegentropyItem($0.createdAt, $0.id) }
        let held = NegentropyArray(whole.subtracting(lost).union(surplus))
        let server = NegentropyServer(limits: NegentropyLimits(frameBytes: 4096))
        var client = NegentropyClient(limits: NegentropyLimits())
        var (have, need): ([EventID], [EventID]) = ([], [])
        var message: [UInt8]? = try client.begin(from: held)
        while let next = message {
            let step = try client.take(try set.answer(next, by: server, from: store), with: held)
            have += step.have
            need += step.need
            message = step.message
        }
        let name = "\(filter.canonicalJSON) as \(scope.keys.count) keys, kept: \(set.isKept)"
        expect(
            Set(need) == Set(Set(lost).subtracting(surplus).map(\.id)),
            "\(name): needs \(need.count) of \(lost.count)")
        expect(
            Set(have) == Set(Set(surplus).subtracting(whole).map(\.id)),
            "\(name): has \(have.count) of \(surplus.count)")
    }
}
