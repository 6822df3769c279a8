// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// An event beside the parts it was made of, so that the model never asks the codec under test.
struct ModelEvent: Sendable {
    let event: Event
    let kind: UInt16
    let author: Int
    let createdAt: Int64
    let tags: [[String]]

    init(kind: UInt16, author: Int, createdAt: Int64, tags: [[String]] = [], content: String = "") {
        self.kind = kind
        self.author = author
        self.createdAt = createdAt
        self.tags = tags
        event = .fixture(
            kind: Kind(kind), at: createdAt, tags: tags.map { Tag($0) }, content: content, by: author)
    }

    var id: EventID { event.id }

    /// The values of the tags called `name`.
    func values(_ name: String) -> [String] {
        tags.filter { $0.first == name && $0.count > 1 }.map { $0[1] }
    }

    var expiration: Int64? { values("expiration").first.flatMap { Int64($0) } }
    var isReplaceable: Bool { kind == 0 || kind == 3 || (10_000..<20_000).contains(kind) }
    var isAddressable: Bool { (30_000..<40_000).contains(kind) }
    var isEphemeral: Bool { (20_000..<30_000).contains(kind) }

    /// `kind:author:d` for events of which only the newest is kept.
    var address: String? {
        guard isReplaceable || isAddressable else { return nil }
        return "\(kind):\(event.pubkey):\(isAddressable ? values("d").first ?? "" : "")"
    }

    /// NIP-01's order of results.
    static func newestFirst(_ a: ModelEvent, _ b: ModelEvent) -> Bool {
        a.createdAt != b.createdAt ? a.createdAt > b.createdAt : a.id < b.id
    }
}
