// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension LivePacking.Condition {
    /// What an item of this family is asked for by.
    static func of(_ family: SyncItem.Family) -> [Self] { byFamily[family.rawValue] }

    private static let byFamily: [[Self]] = SyncItem.Family.allCases.map { family in
        allCases.filter { $0.families.contains(family) }
    }

    /// Whose items have it.
    var families: [SyncItem.Family] {
        switch self {
        case .announcements: [.announcements]
        case .identifiers, .addresses, .upperAddresses: [.repository]
        case .quotes: [.repository, .root]
        case .events: [.root, .comment]
        case .upperEvents: [.root]
        case .authors: [.deletions]
        }
    }

    /// Bytes that an item adds to a message, at most.
    func length(_ item: ItemNumber, in table: ItemTable) -> Int {
        switch table[item] {
        case .announcements: 16
        case .repository(let address):
            self == .identifiers ? address.identifier.writtenLength : table.text(item).writtenLength
        case .root, .comment, .deletions, .reference: 67
        }
    }

    func filter(_ items: [SyncItem]) -> Filter {
        let texts = items.map { item -> TagValue in
            switch item {
            case .repository(let address): self == .identifiers ? address.identifier : address.text
            case .root(let id), .comment(let id): TagValue(id.hex)
            case .announcements, .deletions, .reference: TagValue("")
            }
        }
        return switch self {
        case .announcements: Filter(kinds: [.repositoryAnnouncement, .graspList])
        case .identifiers: Filter(kinds: [.repositoryState], tags: ["d": texts])
        case .addresses: Filter(tags: ["a": texts])
        case .upperAddresses: Filter(tags: ["A": texts])
        case .quotes: Filter(tags: ["q": texts])
        case .events: Filter(tags: ["e": texts])
        case .upperEvents: Filter(tags: ["E": texts])
        case .authors:
            Filter(
                authors: items.compactMap { if case .deletions(let author) = $0 { author } else { nil } },
                kinds: [.deletion])
        }
    }
}
