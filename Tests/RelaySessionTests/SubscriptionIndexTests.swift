// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import RelaySession

@Suite struct SubscriptionIndexTests {
    @Test func `a filter without any list wants every event`() {
        var index = SubscriptionIndex()
        index.insert(who(1), [Filter()])
        #expect(index.matches(Sample.a) == [who(1)])
    }

    @Test func `a subscriber is reported once, however many of its filters match`() {
        var index = SubscriptionIndex()
        index.insert(
            who(1),
            [Filter(), Filter(kinds: [1]), Filter(authors: [Sample.a.pubkey]), Filter(ids: [Sample.a.id])])
        #expect(index.matches(Sample.a) == [who(1)])
    }

    @Test func `a filter that can match nothing takes no room`() {
        var index = SubscriptionIndex()
        index.insert(who(1), [Filter(kinds: []), Filter(since: Timestamp(2), until: Timestamp(1))])
        #expect(index.filterCount == 0)
        #expect(index.count == 1)
        #expect(index.matches(Sample.a).isEmpty)
        index.remove(who(1))
        #expect(index.count == 0)
    }

    @Test func `inserting again replaces, removing twice is no matter`() {
        var index = SubscriptionIndex()
        index.insert(who(1), [Filter(kinds: [1])])
        index.insert(who(1), [Filter(kinds: [2])])
        #expect(index.matches(Sample.a).isEmpty)
        index.remove(who(1))
        index.remove(who(1))
        #expect(index.filterCount == 0)
    }

    @Test func `letters of both cases are different tags, and only a tag's first value counts`() {
        var index = SubscriptionIndex()
        index.insert(who(1), [Filter(tags: ["t": ["x"]])])
        index.insert(who(2), [Filter(tags: ["T": ["x"]])])
        let event = Event.fixture(tags: [
            .of("t", "y", "x"), .of("T", "x"), .of("tt", "x"), .of("t"), Tag([TagValue]()),
        ])
        #expect(index.matches(event) == [who(2)])
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `finds exactly what asking every filter finds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var index = SubscriptionIndex()
        var naive: [LiveSubscriber: [Filter]] = [:]
        for step in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let subscriber = who(Int.random(in: 0..<40, using: &random))
                let filters = (0..<Int.random(in: 1...4, using: &random)).map { _ in Draw.filter(&random) }
                index.insert(subscriber, filters)
                naive[subscriber] = filters
            case 4:
                let subscriber = who(Int.random(in: 0..<40, using: &random))
                index.remove(subscriber)
                naive[subscriber] = nil
            default:
                let event = Draw.event(&random)
                let expected = naive.filter { $0.value.contains { $0.matches(event) } }.keys.map(\.place)
                    .sorted()
                let found = index.matches(event).map(\.place).sorted()
                #expect(found == expected, "seed \(seed), step \(step)")
            }
        }
        #expect(index.count == naive.count)
        for subscriber in naive.keys { index.remove(subscriber) }
        #expect(index.filterCount == 0)
        #expect(index.isEmptied, "no value leads anywhere when nobody is left")
    }
}

/// A subscriber by its number.
private func who(_ place: Int) -> LiveSubscriber {
    LiveSubscriber(place: place, slot: SubscriptionSlot(index: 0))
}

/// Draws filters and events from a small world, so that they meet.
private enum Draw {
    static let events: [Event] = {
        var random = SplitMix64(seed: 99)
        return (0..<200).map { number in
            let tags = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Tag([letter(&random), value(&random)])
            }
            return Event.fixture(
                kind: kind(&random), at: Int64.random(in: 0..<50, using: &random), tags: tags,
                content: String(number), by: Int.random(in: 0..<4, using: &random))
        }
    }()

    static func event(_ random: inout SplitMix64) -> Event {
        events.randomElement(using: &random) ?? events[0]
    }

    static func filter(_ random: inout SplitMix64) -> Filter {
        func maybe<Value>(_ chance: Int, _ draw: (inout SplitMix64) -> Value) -> [Value]? {
            guard Int.random(in: 0..<100, using: &random) < chance else { return nil }
            return (0..<Int.random(in: 0...3, using: &random)).map { _ in draw(&random) }
        }
        var tags: [Character: [TagValue]] = [:]
        if let values = maybe(30, value) { tags["t"] = values }
        if let values = maybe(20, value) { tags["e"] = values }
        let all: [Character: [TagValue]] = maybe(10, value).map { ["t": $0] } ?? [:]
        return Filter(
            ids: maybe(15) { event(&$0).id },
            authors: maybe(30) { TestKey.publicKey(Int.random(in: 0..<4, using: &$0)) },
            kinds: maybe(30, kind), tags: tags, allTags: all, since: maybe(20, time)?.first,
            until: maybe(20, time)?.first)
    }

    private static func kind(_ random: inout SplitMix64) -> Kind {
        Kind(UInt16.random(in: 0..<4, using: &random))
    }
    private static func time(_ random: inout SplitMix64) -> Timestamp {
        Timestamp(Int64.random(in: 0..<50, using: &random))
    }
    private static func letter(_ random: inout SplitMix64) -> TagValue {
        ["t", "e", "tt"].randomElement(using: &random) ?? "t"
    }
    private static func value(_ random: inout SplitMix64) -> TagValue {
        TagValue(String(Int.random(in: 0..<6, using: &random)))
    }
}
