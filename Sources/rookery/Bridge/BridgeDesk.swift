// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

/// Does what an operator asks of the bridge, in the daemon or in a process that has the store for itself.
struct BridgeDesk: Sendable {
    let bridge: Bridge
    let store: BridgeStore
    /// Whether nobody else is at work here: neither mirrors nor fetches media.
    let isAlone: Bool
    private let house: BridgeHouse

    init(_ house: BridgeHouse, isAlone: Bool = false) {
        self.house = house
        bridge = house.bridge
        store = house.store
        self.isAlone = isAlone
    }

    /// - Returns: lines for the operator.
    func perform(_ order: BridgeOrder) async throws -> [String] {
        let options = order.options
        switch order.verb {
        case .addAccounts: return try await add(order.arguments)
        case .removeAccounts: return try await remove(order.arguments, erases: false)
        case .eraseAccounts: return try await remove(order.arguments, erases: true)
        case .listAccounts: return try accounts(options)
        case .setAccounts: return try await set(order.arguments, options.change ?? AccountChange())
        case .vanishAccount: return try await vanish(order.arguments)
        case .claimAccount: return try await claim(order.arguments)
        case .unclaimAccounts: return try await unclaim(order.arguments)
        case .listClaims: return try listClaims()
        case .poll:
            bridge.poll()
            return ["X is asked about every account now"]
        case .bootstrap: return try await bootstrap()
        case .fetchProfiles: return try await fetchProfiles(order.arguments, options)
        case .fetchPosts: return try await fetchPosts(order.arguments, options)
        case .fetchTimeline: return try await fetchTimeline(order.arguments.first ?? "", options)
        case .showPost: return try await show(order.arguments.first ?? "", options)
        case .listPosts: return try list(order.arguments.first, options)
        case .showThread: return try await thread(order.arguments.first ?? "", options)
        case .mirrorPosts: return try await mirror(order.arguments, options)
        case .publishProfiles: return try await publishProfiles(order.arguments, options)
        case .publishLists: return try await publishLists(order.arguments, options)
        case .retryFailed: return try await retry(order.arguments)
        case .listItems: return try items(order.arguments.first, options)
        case .decide: return try await decide(order.arguments)
        case .appoint: return try await appoint(order.arguments)
        case .giveToken: return try await giveToken(order.arguments)
        case .dismiss:
            for name in order.arguments where try await !store.dismiss(name) {
                throw CommandFailure("no such moderator: \(name.prefix(100))")
            }
            return order.arguments.map { "\($0) moderates no more" }
        case .signIn: return try await house.signIn(order.arguments)
        case .listModerators:
            return try store.moderators().map {
                "\($0.name)  \($0.role.rawValue)  \($0.key ?? "no key")  \($0.tokenHash == nil ? "no token" : "token")"
            }
        }
    }

    func add(_ names: [String]) async throws -> [String] {
        let handles = try names.map(Self.handle)
        let added = try await bridge.addAccounts(handles)
        let found = Set(added.compactMap { Handle($0.handle) })
        let missing = handles.filter { !found.contains($0) }
        let lines = added.map {
            $0.isActive
                ? "mirroring @\($0.handle) (\($0.id))"
                : "@\($0.handle) is not mirrored: \($0.offReason)"
        }
        guard missing.isEmpty else {
            throw PartlyDone(
                lines: lines,
                problems: ["X knows no account of the name \(missing.map(\.text).joined(separator: ", "))"])
        }
        return lines
    }

    private func remove(_ names: [String], erases: Bool) async throws -> [String] {
        if erases { try refuseDryRun() }
        var lines: [String] = []
        for name in names {
            let account = try account(name)
            let erased = try await bridge.remove(account.id, erases: erases)
            lines.append(
                "@\(account.handle) is not mirrored any more"
                    + (erases ? "; \(erased) events are taken back" : ""))
        }
        return lines
    }

    /// By handle or number.
    func account(_ name: String) throws -> AccountRow {
        if let id = UserID(name), let account = try store.account(id) { return account }
        if let handle = Handle(name), let account = try store.account(of: handle) { return account }
        throw CommandFailure("no such account is mirrored: \(name.prefix(100))")
    }

    /// Orders that make events at once are none for a dry run.
    func refuseDryRun() throws {
        if bridge.configuration.isDryRun {
            throw CommandFailure("bridge.dry_run is on: nothing is published or taken back")
        }
    }

    static func handle(_ name: String) throws -> Handle {
        guard let handle = Handle(name) else { throw CommandFailure("not a handle: \(name.prefix(100))") }
        return handle
    }

    /// By number or address.
    static func post(_ name: String) throws -> PostID {
        guard let id = PostID(naming: name) else {
            throw CommandFailure("not the number or address of a post: \(name.prefix(200))")
        }
        return id
    }

    /// JSON as a line for the operator.
    static func line(_ write: (inout JSONOutput) -> Void) -> String {
        String(decoding: JSONOutput.object(write), as: UTF8.self)
    }
}
