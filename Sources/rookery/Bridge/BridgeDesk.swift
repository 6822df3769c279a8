// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

/// Does what an operator asks of the bridge, in the daemon or in a process that has the store for itself.
struct BridgeDesk: Sendable {
    private let bridge: Bridge
    let store: BridgeStore

    init(_ house: BridgeHouse) {
        bridge = house.bridge
        store = house.store
    }

    /// - Returns: lines for the operator.
    func perform(_ order: BridgeOrder) async throws -> [String] {
        switch order.verb {
        case .addAccounts: return try await add(order.arguments)
        case .removeAccounts: return try await remove(order.arguments, erases: false)
        case .eraseAccounts: return try await remove(order.arguments, erases: true)
        case .listAccounts: return try Self.list(store)
        case .poll:
            bridge.poll()
            return ["X is asked about every account now"]
        case .showPost: return try Self.show(order.arguments.first ?? "", store)
        case .retryFailed:
            var count = 0
            while case let more = try await store.retryFailedMedia(), more > 0 { count += more }
            let uploads = try await store.retryFailedUploads()
            return ["\(count) media are fetched again"]
                + (uploads > 0 ? ["\(uploads) files are brought to Blossom servers again"] : [])
        case .listItems: return try items(order.arguments.first)
        case .decide: return try await decide(order.arguments)
        case .appoint: return try await appoint(order.arguments)
        case .giveToken: return try await giveToken(order.arguments)
        case .dismiss:
            for name in order.arguments where try await !store.dismiss(name) {
                throw CommandFailure("no such moderator: \(name.prefix(100))")
            }
            return order.arguments.map { "\($0) moderates no more" }
        case .listModerators:
            return try store.moderators().map {
                "\($0.name)  \($0.role.rawValue)  \($0.key ?? "no key")  \($0.tokenHash == nil ? "no token" : "token")"
            }
        }
    }

    private func add(_ names: [String]) async throws -> [String] {
        let handles = try names.map { name in
            guard let handle = Handle(name) else { throw CommandFailure("not a handle: \(name.prefix(100))") }
            return handle
        }
        let added = try await bridge.addAccounts(handles)
        let found = Set(added.compactMap { Handle($0.handle) })
        let missing = handles.filter { !found.contains($0) }
        let lines = added.map { "mirroring @\($0.handle) (\($0.id))" }
        guard missing.isEmpty else {
            throw CommandFailure(
                (lines + ["X knows no account of the name \(missing.map(\.text).joined(separator: ", "))"])
                    .joined(separator: "; "))
        }
        return lines
    }

    private func remove(_ names: [String], erases: Bool) async throws -> [String] {
        var lines: [String] = []
        for name in names {
            guard let account = try Self.account(name, store) else {
                throw CommandFailure("no such account is mirrored: \(name.prefix(100))")
            }
            _ = try await store.removeAccount(account.id)
            let erased = erases ? try await bridge.takeBack(account.id) : 0
            lines.append(
                "@\(account.handle) is not mirrored any more"
                    + (erases ? "; \(erased) posts are taken back" : ""))
        }
        return lines
    }

    static func list(_ store: BridgeStore) throws -> [String] {
        try store.accounts().map { account in
            let posts = try store.cursor(.timeline(account.id)).map { "read up to \($0)" } ?? "not read yet"
            let standing = account.isActive ? "active" : "off: \(account.disabledBecause ?? "removed")"
            return "@\(account.handle)  \(account.id)  \(standing)  \(posts)"
        }
    }

    static func show(_ name: String, _ store: BridgeStore) throws -> [String] {
        guard let id = PostID(name) else {
            throw CommandFailure("not the number of a post: \(name.prefix(100))")
        }
        guard let row = try store.post(id) else { throw CommandFailure("the post \(id) was not read") }
        var lines = [
            "post      \(id)", "text      \(row.snapshot.post.longText?.text ?? row.snapshot.post.text)",
        ]
        if let mirror = try store.mirror(id) {
            lines.append("event     \(mirror.event)\(mirror.isStanding ? "" : ", taken back")")
        }
        if let state = try store.state(of: id) {
            lines.append("state     \(state.fate.rawValue)\(state.reason.isEmpty ? "" : ": \(state.reason)")")
        }
        return lines
    }

    /// By handle or number.
    private static func account(_ name: String, _ store: BridgeStore) throws -> AccountRow? {
        if let id = UserID(name), let account = try store.account(id) { return account }
        guard let handle = Handle(name) else { return nil }
        return try store.account(of: handle)
    }
}
