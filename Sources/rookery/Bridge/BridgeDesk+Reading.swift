// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

// Reading what an operator wants to see, mirrored or not.
extension BridgeDesk {
    func fetchProfiles(_ names: [String], _ options: BridgeOrder.Options) async throws -> [String] {
        let handles = try names.map(Self.handle)
        let users = try await bridge.readProfiles(handles)
        try Self.check(handles, users)
        return users.flatMap { user in
            options.json == true
                ? [String(decoding: user.archived, as: UTF8.self)] : Self.lines(of: user)
        }
    }

    func fetchPosts(_ names: [String], _ options: BridgeOrder.Options) async throws -> [String] {
        let ids = try names.map(Self.post)
        let readings = try await bridge.readPosts(ids, again: options.force == true)
        var (lines, absent) = ([String](), [String]())
        for id in ids {
            switch readings[id] {
            case .kept:
                if let row = try store.post(id) { lines += [try line(try store.listing(of: row), options)] }
            case .gone(let row):
                absent.append("\(id) was \(row.absence.rawValue) and is not asked for (--again)")
            case .absent(.unknown), nil: absent.append("X does not give \(id)")
            case .absent(let absence): absent.append("\(id) is \(absence.rawValue)")
            }
        }
        guard absent.isEmpty else { throw PartlyDone(lines: lines, problems: absent) }
        return lines
    }

    func fetchTimeline(_ name: String, _ options: BridgeOrder.Options) async throws -> [String] {
        let user = try await user(name)
        let since = options.days.map { BridgeClock.system.now() - Int64($0) * 86_400_000 }
        let reading = try await bridge.readTimeline(of: user, count: options.count ?? 10, since: since)
        var lines: [String] = []
        for id in reading.posts {
            if let row = try store.post(id) { lines.append(try line(try store.listing(of: row), options)) }
        }
        return lines
    }

    func thread(_ name: String, _ options: BridgeOrder.Options) async throws -> [String] {
        let id = try Self.post(name)
        if options.fetch == true, try store.post(id)?.snapshot.post.conversation == nil {
            _ = try await bridge.readPosts([id])
        }
        guard let post = try store.post(id)?.snapshot.post else {
            throw CommandFailure("the post \(id) was not read; --fetch reads it")
        }
        let root = post.conversation ?? id
        var notes: [String] = []
        if options.fetch == true, try await !bridge.readConversation(root).isWhole {
            notes.append("X has more of this conversation than is read at once")
        }
        let (tree, isWhole) = try bridge.conversation(root)
        if !isWhole { notes.append("there is more: \(BridgeLimits.conversationPosts) posts are shown") }
        return try tree.lines.map { line in
            guard line.wasRead, let row = try store.post(line.post) else {
                return Self.line(of: line, options)
            }
            return try self.line(try store.listing(of: row), options, depth: line.depth)
        } + (options.json == true ? [] : notes)
    }

    private static func line(of line: ConversationTree.Line, _ options: BridgeOrder.Options) -> String {
        guard options.json == true else {
            return String(repeating: "  ", count: min(line.depth, 40)) + "\(line.post)  was not read"
        }
        return Self.line { output in
            output.member("id", "\(line.post)")
            output.member("depth", line.depth)
            output.member("state", "unread")
        }
    }

    /// Whose handle it is, looked up where that is not known.
    func user(_ name: String) async throws -> UserID {
        let handle = try Self.handle(name)
        if let id = try store.user(of: handle) { return id }
        let users = try await bridge.readProfiles([handle])
        try Self.check([handle], users)
        return users[0].id
    }

    static func check(_ handles: [Handle], _ users: [User]) throws {
        let found = Set(users.compactMap { Handle($0.handle) })
        let missing = handles.filter { !found.contains($0) }.map(\.text)
        guard missing.isEmpty else {
            throw CommandFailure("X knows no account of the name \(missing.joined(separator: ", "))")
        }
    }

    private static func lines(of user: User) -> [String] {
        let counts = user.metrics.map {
            "\($0.followers) followers, \($0.following) followed, \($0.posts) posts"
        }
        let parts: [(String, String?)] = [
            ("account", "@\(user.handle)  \(user.id)\(user.isProtected ? "  protected" : "")"),
            ("name", user.name), ("about", user.plainAbout), ("place", user.location), ("web", user.url),
            ("since", user.createdAt.map { UTCMoment.brief($0) }), ("counts", counts),
        ]
        return parts.compactMap { label, text in
            text.flatMap { $0.isEmpty ? nil : $0 }.map {
                label.padded(to: 10) + $0.split(whereSeparator: \.isNewline).joined(separator: " ")
            }
        }
    }
}

extension String {
    /// With spaces behind it.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
