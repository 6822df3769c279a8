// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Negentropy
import NostrCore
import RelaySession
import TestSupport

// MARK: - Many

extension HotPath {
    /// A request from its bytes to the frames of its answer: twenty notes of one author, of a thousand by ten.
    static func asking() throws -> () -> Void {
        let directory = try TemporaryDirectory("rookery-counts")
        let opened = try EventStore.open(StoreOptions(path: directory.path, mapSize: mapSize))
        let store = opened.store
        var writer = opened.takeWriter()
        let now = Timestamp(1_700_100_000)
        _ = try writer.transaction(now: now) { transaction throws(StoreError) in
            for number in 0..<1000 {
                _ = try transaction.put(.fixture(at: 1_700_000_000 + Int64(number), by: number % 10))
            }
        }
        let author = TestKey.publicKey(3).hex
        let message = Array(#"["REQ","home",{"authors":["\#(author)"],"kinds":[1],"limit":20}]"#.utf8)
        let prefix = Array(#"["EVENT","home","#.utf8)
        return {
            guard case .request(_, let filters)? = try? ClientMessage.parse(message) else {
                preconditionFailure("no request was parsed")
            }
            var query = StoredQuery(filters: filters, maxLimit: 500, defaultLimit: 500, now: now)
            var (frames, count) = ([UInt8](), 0)
            frames.reserveCapacity(1 << 14)
            _ = try? query.readPage(of: store, budget: PageBudget(maxEvents: 100, maxBytes: 1 << 18)) {
                json, _ in
                frames += prefix
                json.withUnsafeBytes { frames.append(contentsOf: $0) }
                frames.append(UInt8(ascii: "]"))
                count += 1
                return true
            }
            withExtendedLifetime(directory) {}
            expect(count == 20, "there were \(count) events, not 20")
        }
    }

    /// An event comes to a thousand conversations, a hundred of which are live for it: found, and decided on.
    static func delivering() -> () -> Void {
        let event = note
        var random = SplitMix64(seed: 42)
        let terms = SessionTerms(limits: RelayLimits())
        var index = SubscriptionIndex()
        var sessions: [RelaySession] = []
        for place in 0..<1000 {
            let author = place % 10 == 0 ? event.pubkey : TestKey.publicKey(10 + place % 7)
            let filter = Filter(authors: [author], kinds: [.textNote])
            var session = RelaySession(terms, challenge: Challenge(using: &random))
            _ = session.reduce(.message(.request("live", [filter]), size: 100, at: .zero))
            _ = session.reduce(
                .pageRead(ScanNumber(number: 0), .finished(snapshot: FeedPosition(commit: 0))))
            index.insert(LiveSubscriber(place: place, slot: SubscriptionSlot(index: 0)), [filter])
            sessions.append(session)
        }
        var commit: UInt64 = 0
        return {
            commit += 1
            let live = LiveEvent(event, at: .after(event: commit, of: commit))
            var sent = 0
            index.forEachMatch(event) { subscriber in
                if sessions[subscriber.place].receive(live, for: subscriber.slot) == .send { sent += 1 }
            }
            expect(sent == 100, "\(sent) were sent it, not 100")
        }
    }

    /// A server's first answer about ten thousand items, of which the client lacks every hundredth.
    static func reconciling() throws -> () -> Void {
        var random = SplitMix64(seed: 7)
        let items = (0..<10_000).map { number in
            let words = (random.next(), random.next(), random.next(), random.next())
            return NegentropyItem(timestamp: UInt64(number), id: EventID(Bytes32(words: words)))
        }
        let storage = NegentropyArray(items)
        let client = NegentropyArray(items.enumerated().filter { $0.offset % 100 != 0 }.map(\.element))
        let question = try NegentropyClient(limits: NegentropyLimits()).begin(from: client)
        let server = NegentropyServer(limits: NegentropyLimits())
        return {
            let answer = try? server.answer(question, from: storage)
            expect(answer.map { $0.count > 100 } == true, "nothing differs")
        }
    }
}
