// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore
import TweetCore

/// Where a row of a certain kind stands.
struct RowPlace<Value: Codable & Sendable>: Hashable, Sendable {
    let table: SideTable
    let key: RowKey

    init(_ table: SideTable, _ key: RowKey) {
        self.table = table
        self.key = key
    }
}

extension RowPlace where Value == PostRow {
    static func post(_ id: PostID) -> Self { Self(BridgeTables.posts, RowKey("p").with(id)) }
}
extension RowPlace where Value == PostState {
    static func state(of id: PostID) -> Self { Self(BridgeTables.posts, RowKey("s").with(id)) }
}
extension RowPlace where Value == GoneRow {
    static func gone(_ id: PostID) -> Self { Self(BridgeTables.posts, RowKey("g").with(id)) }
}
extension RowPlace where Value == UserRow {
    static func user(_ id: UserID) -> Self { Self(BridgeTables.people, RowKey("u").with(id)) }
}
extension RowPlace where Value == ProfileRow {
    static func profile(_ id: UserID, seen: Int64) -> Self {
        Self(BridgeTables.people, RowKey("p").with(id).with(ms: seen))
    }
}
extension RowPlace where Value == HandleRow {
    static func handle(_ handle: Handle, from: Int64) -> Self {
        Self(BridgeTables.people, prefix(handle).with(ms: from))
    }
    static func prefix(_ handle: Handle) -> RowKey { RowKey("h").with(handle.folded).with(byte: 0) }
}
extension RowPlace where Value == AccountRow {
    static func account(_ id: UserID) -> Self { Self(BridgeTables.people, RowKey("a").with(id)) }
}
extension RowPlace where Value == MediaRow {
    static func media(_ key: String) -> Self { Self(BridgeTables.media, RowKey("m").with(key)) }
}
extension RowPlace where Value == BlobRow {
    static func blob(_ hash: Bytes32) -> Self {
        Self(BridgeTables.media, RowKey("b").with(bytes: hash.bytes))
    }
}
extension RowPlace where Value == MirrorRow {
    static func mirror(_ id: PostID, part: UInt8 = 0) -> Self {
        Self(BridgeTables.mirrors, RowKey("t").with(id).with(byte: part))
    }
}
extension RowPlace where Value == MirroredRow {
    static func mirrored(_ id: EventID) -> Self { Self(BridgeTables.mirrors, RowKey("e").with(id)) }
}
extension RowPlace where Value == TodoRow {
    static func todo(_ author: UserID, _ id: PostID) -> Self {
        Self(BridgeTables.todo, RowKey().with(author).with(id))
    }
}
extension RowPlace where Value == StateRow {
    static func remembered(_ key: StateKey) -> Self { Self(BridgeTables.state, RowKey().with(key.text)) }
}
extension RowPlace where Value == CursorRow {
    static func cursor(_ scope: FetchScope) -> Self {
        Self(BridgeTables.state, RowKey().with("since_id:\(scope.text)"))
    }
}
extension RowPlace where Value == GapRow {
    static func gap(_ scope: FetchScope, low: PostID) -> Self {
        Self(BridgeTables.state, prefix(scope).with(low))
    }
    static func prefix(_ scope: FetchScope) -> RowKey { RowKey().with("gap:\(scope.text):") }
}
extension RowPlace where Value == CredentialRow {
    static func credential(_ name: String) -> Self { Self(BridgeTables.money, RowKey("c").with(name)) }
}
extension RowPlace where Value == RelayRow {
    static func relay(_ url: RelayURL) -> Self {
        Self(BridgeTables.outbox, RowKey("r").with(bytes: SHA256.digest(Array(url.text.utf8)).bytes))
    }
    static func relay(_ number: UInt32) -> Self { Self(BridgeTables.outbox, RowKey("n").with(number)) }
}
extension RowPlace where Value == DeliveryRow {
    static func delivery(_ id: EventID, _ relay: UInt32) -> Self {
        Self(BridgeTables.outbox, RowKey("s").with(id).with(relay))
    }
}
extension RowPlace where Value == QueuedJob {
    static func job(_ number: UInt64) -> Self { Self(BridgeTables.queue, RowKey("j").with(number)) }
}
extension RowPlace where Value == ModerationItem {
    static func item(_ number: UInt64) -> Self { Self(BridgeTables.moderation, RowKey("i").with(number)) }
}
extension RowPlace where Value == AuditEntry {
    static func audit(_ item: UInt64, _ revision: UInt32) -> Self {
        Self(BridgeTables.moderation, RowKey("a").with(item).with(revision))
    }
}
extension RowPlace where Value == Moderator {
    static func moderator(_ name: String) -> Self { Self(BridgeTables.moderation, RowKey("m").with(name)) }
}
extension RowPlace where Value == HourlyTally {
    static func approvals(of id: UserID) -> Self { Self(BridgeTables.moderation, RowKey("r").with(id)) }
}
extension RowPlace where Value == UInt64 {
    static var lastJob: Self { Self(BridgeTables.queue, RowKey("n")) }
    static var lastItem: Self { Self(BridgeTables.moderation, RowKey("n")) }
    /// The number of something that another row names.
    static func job(keyed key: String, in queue: String) -> Self {
        Self(
            BridgeTables.queue,
            RowKey("k").with(queue).with(byte: 0).with(bytes: SHA256.digest(Array(key.utf8)).bytes))
    }
    static func item(of event: EventID) -> Self { Self(BridgeTables.moderation, RowKey("e").with(event)) }
    static func item(of subject: ModerationItem.Subject) -> Self {
        switch subject {
        case .post(let id): Self(BridgeTables.moderation, RowKey("o").with(id))
        case .job(let number): Self(BridgeTables.moderation, RowKey("j").with(number))
        }
    }
}
