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

    @Test func `filters that are the same are one, whoever asks and with whatever limit`() {
        var index = SubscriptionIndex()
        for number in 0..<100 { index.insert(who(number), [Filter(kinds: [1], limit: number)]) }
        index.insert(who(100), [Filter(kinds: [1, 2])])
        #expect(index.filterCount == 2)
        let all = index.matches(Sample.a).map(\.place).sorted()
        #expect(all == Array(0...100))
        for number in 0..<100 where number != 50 { index.remove(who(number)) }
        let left = index.matches(Sample.a).map(\.place).sorted()
        #expect(left == [50, 100])
    }

    @Test func `a long filter is asked at once, and filed and forgotten a piece at a time`() {
        var index = SubscriptionIndex()
        let events = (0..<8).map { Event.fixture(content: "\($0)") }
        let ids = (0..<5_000).map { EventID(SHA256.digest(Array("\($0)".utf8).span)) }
        for event in events {
            index.insert(who(1), [Filter(ids: ids + [event.id])])
            #expect(index.matches(event) == [who(1)])
            #expect(index.hasChores)
        }
        index.tidy(1_000)
        #expect(index.hasChores)
        #expect(index.matches(events[7]) == [who(1)])
        for event in events[..<7] { #expect(index.matches(event).isEmpty, "replaced") }
        while index.hasChores { index.tidy(1_000) }
        #expect(index.matches(events[7]) == [who(1)])
        #expect(index.rest.isEmpty)
        index.remove(who(1))
        #expect(index.matches(events[7]).isEmpty)
        index.tidy(1_000)
        #expect(index.hasChores)
        while index.hasChores { index.tidy(1_000) }
        #expect(index.filterCount == 0)
        #expect(index.isEmptied)
        #expect(index.byValue.capacity == 0, "the room is given back")
    }

    @Test func `a table that holds few values gives its room back`() {
        var index = SubscriptionIndex(valuesAtOnce: .max)
        let ids = (0..<50_000).map { EventID(SHA256.digest(Array("\($0)".utf8).span)) }
        index.insert(who(1), [Filter(ids: ids)])
        index.insert(who(2), [Filter(ids: Array(ids[..<500]))])
        index.remove(who(1))
        #expect(index.byValue.capacity < 10_000)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `finds exactly what asking every filter finds`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        // Next to nothing is filed at once, so that what is half filed is asked, joined and forgotten, too.
        var index = SubscriptionIndex(valuesAtOnce: Int(seed % 4))
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
            case 5: index.tidy(Int.random(in: 1...4, using: &random))
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
        index.tidy(1_000_000)
        #expect(!index.hasChores)
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
                content: "\(number) \(phrase(&random).text)", by: Int.random(in: 0..<4, using: &random))
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
            until: maybe(20, time)?.first,
            search: maybe(25, phrase)?.first)
    }

    private static func phrase(_ random: inout SplitMix64) -> SearchQuery {
        let words = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            ["git", "Git", "relay", "日本", "x:y", "…"].randomElement(using: &random) ?? "git"
        }
        guard let query = try? SearchQuery(TagValue(words.joined(separator: " "))) else {
            preconditionFailure("a short search is within bounds")
        }
        return query
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
