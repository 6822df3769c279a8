// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// Events and filters over so few values that everything collides with everything.
struct RandomWorld {
    var random: SplitMix64
    /// Events made so far, for tags to name.
    private(set) var made: [Event] = []

    private static let kinds: [Kind] = [
        0, 1, 1, 1, 1, 3, 5, 5, 6, 7, 7, 62, 1059, 1059, 1111, 1617, 1621, 10003, 10317, 30023, 30023, 30617,
        30618, 30618, 30618, 65535,
    ]
    private static let letters: [String] = [
        "a", "A", "e", "E", "q", "p", "r", "d", "t", "T", "g", "k", "x", "-",
    ]
    private static let authors = 7
    /// Moments of events; the clock of the test runs within them too.
    static let moments: ClosedRange<Int64> = 1000...1120
    private static let words: [TagValue] = [
        "", "a", "b", "nostr", "git:repo/one%20", "\"quoted\" \\ and\nbroken", "naïve 日本語 🚀",
        TagValue(String(repeating: "long ", count: 60)), TagValue(String(repeating: "x", count: 1024)),
    ]

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func event(now: Int64) -> Event {
        let kind = Self.kinds.randomElement(using: &random)!
        let author = Int.random(in: 0..<Self.authors, using: &random)
        var tags = (0..<Int.random(in: 0...5, using: &random)).map { _ in tag() }
        if kind.isAddressable, chance(80) { tags.append(["d", word()]) }
        if kind == .deletion {
            tags += (0..<Int.random(in: 1...3, using: &random)).map { _ in target(of: author) }
        }
        if kind == .requestToVanish {
            // Now and then one that means others; most reach only the oldest.
            if chance(60) { tags.append(["relay", Self.everybody]) }
        }
        if kind == .giftWrap { tags.append(["p", TagValue(TestAuthor.key(number(0...Self.authors)).hex)]) }
        if chance(12) {
            tags.append(["expiration", TagValue("\(now + Int64.random(in: -3...40, using: &random))")])
        }
        tags.shuffle(using: &random)
        let event = Event.unsigned(
            kind, at: kind == .requestToVanish && chance(80) ? early() : moment().seconds, by: author, tags,
            content(of: kind))
        made.append(event)
        return event
    }

    /// An event that was made before, if there is one.
    mutating func known() -> Event? { made.randomElement(using: &random) }

    private mutating func tag() -> Tag {
        if chance(25) { return [["a", "a", "A", "q"].randomElement(using: &random)!, repository()] }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return []
        case 1: return [TagValue(letter())]
        case 2: return [["name", "subject", "title", "description"].randomElement(using: &random)!, word()]
        case 3: return [TagValue(letter()), word(), "further", word()]
        default: return [TagValue(letter()), value()]
        }
    }

    /// Mostly something of this author, so that deletions do something.
    private mutating func target(of author: Int) -> Tag {
        let own = made.filter { $0.pubkey == TestAuthor.key(author) }
        guard let event = (chance(80) ? own : made).randomElement(using: &random) else {
            return ["e", "nothing"]
        }
        if let address = event.address, chance(50) { return ["a", address.text] }
        return ["e", TagValue(event.id.hex)]
    }

    /// Mostly words that others have as well.
    private mutating func content(of kind: Kind) -> String {
        let text = "\(phrase(4)) \(random.next() % 1_000_000)"
        return kind == .metadata ? "{\"name\":\"\(text)\",\"website\":\"\(phrase(2))\"}" : text
    }

    private mutating func phrase(_ most: Int) -> String {
        (0..<number(0...most)).map { _ in Self.spoken.randomElement(using: &random)! }.joined(separator: " ")
    }

    private static let spoken = [
        "git", "Git", "relay", "Größe", "naïve", "日本語", "日本", "本", "nostr-git", "ПАТЧ", "🚀", "a", "further",
    ]

    private mutating func letter() -> String { Self.letters.randomElement(using: &random)! }
    private mutating func word() -> TagValue { Self.words.randomElement(using: &random)! }

    private mutating func value() -> TagValue {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return made.suffix(40).randomElement(using: &random).map { TagValue($0.id.hex) } ?? "a"
        case 1: return TagValue(TestAuthor.key(Int.random(in: 0..<Self.authors, using: &random)).hex)
        default: return word()
        }
    }

    /// The address of one of a few repositories, announced or not.
    private mutating func repository() -> TagValue {
        let identifier = Self.words[number(0...4)]
        return EventAddress(
            kind: .repositoryAnnouncement, pubkey: TestAuthor.key(number(0...1)), identifier: identifier
        ).text
    }

    private mutating func early() -> Int64 {
        Self.moments.lowerBound + Int64(number(0...Int(Self.moments.count) / 3))
    }

    /// Whether a request to vanish is obeyed.
    static func isMeant(by event: Event) -> Bool {
        event.kind == .requestToVanish && event.tags.contains { $0.name == "relay" && $0.value == everybody }
    }

    private static let everybody: TagValue = "everybody"

    /// What one reader may see.
    mutating func scope() -> ReadScope {
        if chance(40) { return .unrestricted }
        let keys = (0..<number(0...2)).map { _ in TestAuthor.key(number(0...Self.authors)) }
        return ReadScope(guardedKinds: [1059, 7], keys: keys)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    // MARK: Filters

    mutating func request() -> [Filter] {
        (0..<(chance(60) ? 1 : Int.random(in: 2...5, using: &random))).map { _ in filter() }
    }

    mutating func filter() -> Filter {
        var filter = Filter()
        if chance(12) { filter.ids = list(1...12) { $0.known()?.id } }
        if chance(35) {
            filter.authors = list(0...4) {
                TestAuthor.key(Int.random(in: 0...Self.authors, using: &$0.random))
            }
        }
        if chance(40) { filter.kinds = list(0...5) { Self.kinds.randomElement(using: &$0.random) } }
        var conditions: [Character: [TagValue]] = [:]
        for _ in 0..<(chance(45) ? Int.random(in: 1...2, using: &random) : 0) {
            guard let letter = letter().first, letter.isLetter else { continue }
            conditions[letter] = list(0...4) { $0.value() }
        }
        var all: [Character: [TagValue]] = [:]
        if chance(10), let letter = letter().first, letter.isLetter {
            all[letter] = list(1...2) { $0.value() }
        }
        if chance(20) {
            let text = phrase(2) + (chance(20) ? " language:en" : "")
            filter.search = try? SearchQuery(TagValue(text))
        }
        if chance(30) { filter.since = moment() }
        if chance(30) { filter.until = moment() }
        if chance(50) { filter.limit = Int.random(in: 0...20, using: &random) }
        return Filter(
            ids: filter.ids, authors: filter.authors, kinds: filter.kinds, tags: conditions, allTags: all,
            since: filter.since,
            until: filter.until, limit: filter.limit, search: filter.search)
    }

    /// What others ask for who gather what belongs to repositories; now and then one that nobody has.
    mutating func ofRepositories(since: Timestamp?, until: Timestamp?) -> Filter {
        if chance(30) {
            return Filter(
                kinds: [.repositoryState], tags: ["d": list(1...3) { $0.word() }], since: since, until: until)
        }
        let letter: Character = ["a", "a", "A", "q"].randomElement(using: &random)!
        let strange = chance(5) ? [value()] : []
        return Filter(
            tags: [letter: list(1...6) { $0.repository() } + strange], since: since, until: until)
    }

    private mutating func moment() -> Timestamp { Timestamp(Int64.random(in: Self.moments, using: &random)) }

    private mutating func list<Value>(_ count: ClosedRange<Int>, _ make: (inout Self) -> Value?) -> [Value] {
        (0..<Int.random(in: count, using: &random)).compactMap { _ in make(&self) }
    }
}
