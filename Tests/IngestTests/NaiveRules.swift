// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport

/// What grasp admission must end with, whatever the order of arrival: everything is looked at again until
/// nothing more is accepted.
struct NaiveRules {
    let roots: Set<EventAddress>

    func accepted(of events: [Event]) -> Set<EventID> {
        var accepted: [EventID: Event] = [:]
        while true {
            let more = events.filter {
                accepted[$0.id] == nil && isAcceptable($0, beside: Array(accepted.values))
            }
            if more.isEmpty { return Set(accepted.keys) }
            for event in more { accepted[event.id] = event }
        }
    }

    private func isAcceptable(_ event: Event, beside accepted: [Event]) -> Bool {
        switch event.kind {
        case 5, 62, 10002, 10050, 10317: return true
        case 30617:
            return event.address.map { roots.contains($0) } == true || isMaintainer(event, accepted)
        case 30618: return isMaintainer(event, accepted)
        default:
            let anchors = accepted.filter { ![5, 62, 10002, 10050, 10317].contains($0.kind) }
            if anchors.contains(where: { names($0, event) }) { return true }
            return ![0, 3].contains(event.kind) && anchors.contains { names(event, $0) }
        }
    }

    /// Whether a chain of accepted announcements of the same identifier leads from a root to its author.
    func isMaintainer(_ event: Event, _ accepted: [Event]) -> Bool {
        let announcements = accepted.filter { $0.kind == 30617 && $0.identifier == event.identifier }
        var keys = Set(announcements.filter { roots.contains($0.address!) }.map(\.pubkey.hex))
        while true {
            let listed = announcements.filter { keys.contains($0.pubkey.hex) }
                .flatMap { $0.tags.filter { $0.name == "maintainers" }.flatMap { $0.values.map(\.string) } }
            let more = keys.union(listed)
            if more == keys { return keys.contains(event.pubkey.hex) }
            keys = more
        }
    }

    private func names(_ event: Event, _ other: Event) -> Bool {
        event.tags.contains { tag in
            guard let name = tag.name?.string, let value = tag.value?.string else { return false }
            if ["e", "E", "q"].contains(name), value == other.id.hex { return true }
            return ["a", "A", "q"].contains(name) && value == other.address?.description
        }
    }
}

/// A world of events about two repositories of interest, two others, and nothing in particular.
struct RandomWorld {
    static let archive: [ArchivePattern] = [
        .repository(TestKey.publicKey(0), "main"), .repository(TestKey.publicKey(3), "a:b"),
    ]
    static let roots: Set<EventAddress> = [
        EventAddress(kind: 30617, pubkey: TestKey.publicKey(0), identifier: "main"),
        EventAddress(kind: 30617, pubkey: TestKey.publicKey(3), identifier: "a:b"),
    ]
    private(set) var events: [Event] = []

    init(using rng: inout SplitMix64, size: Int) {
        for author in 0..<8 {
            for identifier in ["main", "a:b", "else"]
            where Self.isRoot(author, identifier) || Int.random(in: 0..<3, using: &rng) > 0 {
                let maintainers = (0..<8).filter { _ in Int.random(in: 0..<5, using: &rng) == 0 }
                events.append(.announcement(identifier, by: author, maintainers: maintainers))
                events.append(.state(identifier, by: author))
            }
            events.append(.fixture(kind: .metadata, content: "\(author)", by: author))
            events.append(.fixture(kind: .graspList, tags: [reference(using: &rng)], by: author))
        }
        let kinds: [Kind] = [1, 1111, 1617, 1618, 1619, 1621, 1630, 30023, 5, 20001]
        while events.count < size {
            let kind = kinds.randomElement(using: &rng) ?? 1
            var tags = (0..<Int.random(in: 0..<3, using: &rng)).map { _ in reference(using: &rng) }
            // A deletion that deletes would make the order matter.
            if kind == .deletion { tags = tags.map { Tag(["p"] + $0.elements.dropFirst()) } }
            if kind.isAddressable { tags.append(.of("d", "\(events.count)")) }
            let author = Int.random(in: 0..<8, using: &rng)
            events.append(.fixture(kind: kind, tags: tags, content: "\(events.count)", by: author))
        }
        events.shuffle(using: &rng)
    }

    private static func isRoot(_ author: Int, _ identifier: String) -> Bool {
        roots.contains { $0.pubkey == TestKey.publicKey(author) && $0.identifier == TagValue(identifier) }
    }

    private func reference(using rng: inout SplitMix64) -> Tag {
        guard let target = events.randomElement(using: &rng) else { return [] }
        if let address = target.address, Bool.random(using: &rng) {
            return Tag([["a", "A", "q"].randomElement(using: &rng) ?? "a", address.text])
        }
        return Tag([["e", "E", "q"].randomElement(using: &rng) ?? "e", TagValue(target.id.hex)])
    }
}
