// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// The fifteen events that the checks of finding and replacing ask for, posted once, in this order, by one author.
struct RehearsedEvents: Sendable {
    enum Name: CaseIterable, Sendable {
        case limitTestFirst, limitTestThird, limitTestSecond, limitTestFourth
        case metadataOlder, metadataNewer, contactListNewer, contactListOlder
        case ephemeral, multipleTags, multipleTagsNoMatch
        case olderAddressable, newerAddressable, olderReplaceable, newerReplaceable
    }

    /// What has to be readable later.
    static let kept: Set<Name> = [
        .limitTestFirst, .limitTestThird, .limitTestSecond, .limitTestFourth, .metadataNewer,
        .contactListNewer, .multipleTags, .multipleTagsNoMatch, .newerAddressable,
    ]
    static let limitTests: [Name] = [.limitTestFirst, .limitTestSecond, .limitTestThird, .limitTestFourth]

    let author: Author
    private let now: Int64

    init(by author: Author) {
        self.author = author
        now = .now
    }

    subscript(name: Name) -> Event {
        func event(_ kind: Kind, minutesAgo: Int64, _ tags: Tag...) -> Event {
            author.event(kind, at: now - 60 * minutesAgo, tags: tags)
        }
        let someID = String(repeating: "0123456789abcdef", count: 4)
        return switch name {
        case .limitTestFirst: event(1, minutesAgo: 40, ["t", "a"])
        case .limitTestThird: event(1, minutesAgo: 50, ["t", "a"])
        case .limitTestSecond: event(1, minutesAgo: 45, ["t", "b"])
        case .limitTestFourth: event(1, minutesAgo: 55, ["t", "b"])
        case .metadataOlder: event(0, minutesAgo: 60)
        case .metadataNewer: event(0, minutesAgo: 0)
        case .contactListNewer: event(3, minutesAgo: 10)
        case .contactListOlder: event(3, minutesAgo: 70)
        case .ephemeral: event(21_212, minutesAgo: 10)
        case .multipleTags: event(9_999, minutesAgo: 10, ["k", "3036"], ["n", "approved"])
        case .multipleTagsNoMatch: event(9_999, minutesAgo: 10, ["n", "approved"])
        case .olderAddressable: event(30_000, minutesAgo: 120, ["d", "1"])
        case .newerAddressable: event(30_000, minutesAgo: 60, ["d", "1"])
        case .olderReplaceable: event(10_003, minutesAgo: 80, ["e", TagValue(someID)])
        case .newerReplaceable: event(10_003, minutesAgo: 60, ["e", TagValue(someID)])
        }
    }

    func ids(_ names: some Sequence<Name>) -> [String] { names.map { self[$0].id.hex } }

    func post(to client: NostrClient) async throws {
        for name in Name.allCases { _ = try await client.publish(self[name].text) }
    }
}
