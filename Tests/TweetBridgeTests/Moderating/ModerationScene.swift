// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOHTTP1
import NostrCore
import RelayTransport
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

/// The moderation page on a port of loopback, with a store of its own: `vic` may look, `ann` and `bob` decide, `eve` is an admin.
/// Each one's token is their name and ten more letters.
struct ModerationScene {
    let world: BridgeWorld
    let server: ModerationServer
    let port: RoutePort
    let news: NIOLockedValueBox<[ModerationNews]>

    static let ruling = ModerationRuling(effect: .ask, hits: ["words"])

    static func run(
        limits change: (inout ModerationLimits) -> Void = { _ in },
        _ body: (ModerationScene) async throws -> Void
    ) async throws {
        let world = try BridgeWorld()
        for (number, (name, role)) in [
            ("vic", ModeratorRole.viewer), ("ann", .moderator), ("bob", .moderator), ("eve", .admin),
        ].enumerated() {
            let moderator = Moderator(
                name: name, role: role, key: TestKey.publicKey(number + 1), token: token(name), at: 0)
            try await world.store.appoint(try #require(moderator))
        }
        var limits = ModerationLimits()
        change(&limits)
        let news = NIOLockedValueBox<[ModerationNews]>([])
        let server = ModerationServer(
            world.store, limits: limits, now: { world.now },
            tell: { one in news.withLockedValue { $0.append(one) } })
        // Who is who by the header alone: what signatures prove is tested where they are checked.
        server.adopt { request, mayAsk in
            let words = (request.headers["Authorization"].first ?? "").split(separator: " ")
            guard words.count == 2, let number = Int(words[1]) else {
                return .failure(SignatureRefusal("unreadable"))
            }
            let key = TestKey.publicKey(number)
            return mayAsk(key) ? .success(key) : .failure(SignatureRefusal("a stranger"))
        }
        try await RoutePort.run { _ in
            server.route
        } _: { port in
            try await body(ModerationScene(world: world, server: server, port: port, news: news))
        }
    }

    static func token(_ name: String) -> String { name + "-secret-token" }

    /// Posts of `count` numbers from `first`, which wait for a decision.
    func post(
        _ count: Int = 1, from first: UInt64 = 100, by author: UInt64 = 10, text: String = "hello",
        _ change: (inout Snapshot) -> Void = { _ in }
    ) async throws {
        for number in first..<(first + UInt64(count)) {
            let shown = count > 1 ? "\(text) \(number)" : text
            let screening = Screening(Self.ruling, preview: shown)
            _ = try await world.store.store(
                [.fixture(number, by: author, text: shown, change)],
                users: [.fixture(author, handle: "user\(author)")],
                todo: [TodoRequest(PostID(number), screening: screening)])
        }
    }

    func job(_ action: String, _ payload: String, key: String) async throws {
        _ = try await world.store.enqueue([
            JobRequest(
                "outbound", action, payload: payload, key: key,
                screening: Screening(Self.ruling, preview: "a job"))
        ])
    }

    /// A browser that keeps its cookie.
    func browser() -> Browser { Browser(port: port.port) }

    /// One that has signed in.
    func browser(of name: String) async throws -> Browser {
        let browser = browser()
        let answer = try await browser.post(
            "/moderation/sign-in", ["token": Self.token(name)], isForged: true)
        #expect(answer.status == 303, "\(answer.text)")
        return browser
    }

    func call(
        _ path: String, as name: String = "ann", body: String? = nil
    ) async throws -> HTTPAnswer {
        try await HTTPAnswer.get(
            path, from: port.port, method: body == nil ? "GET" : "POST",
            headers: ["Authorization": "Bearer \(Self.token(name))"], body: Array((body ?? "").utf8))
    }
}

/// What a browser does, as far as the page depends on it.
final class Browser: Sendable {
    private let port: Int
    let cookie = NIOLockedValueBox<String?>(nil)
    private let formToken = NIOLockedValueBox("")

    init(port: Int) { self.port = port }

    func get(_ path: String) async throws -> HTTPAnswer {
        let answer = try await HTTPAnswer.get(path, from: port, headers: headers([:]))
        return remember(answer)
    }

    /// - Parameter isForged: without the token of the last form that was shown.
    func post(
        _ path: String, _ fields: KeyValuePairs<String, String>, isForged: Bool = false,
        headers more: [String: String] = ["Sec-Fetch-Site": "same-origin"]
    ) async throws -> HTTPAnswer {
        var pairs = fields.map { ($0.key, Optional($0.value)) }
        if !isForged { pairs.append(("form", formToken.withLockedValue { $0 })) }
        let answer = try await HTTPAnswer.get(
            path, from: port, method: "POST",
            headers: headers(more.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 }),
            body: Array(FormFields.spelled(pairs).utf8))
        return remember(answer)
    }

    private func headers(_ more: [String: String]) -> [String: String] {
        guard let cookie = cookie.withLockedValue({ $0 }) else { return more }
        return more.merging(["Cookie": "other=1; \(cookie)"]) { $1 }
    }

    private func remember(_ answer: HTTPAnswer) -> HTTPAnswer {
        if let set = answer.headers["set-cookie"] {
            cookie.withLockedValue { $0 = String(set.prefix { $0 != ";" }) }
        }
        let parts = answer.text.components(separatedBy: "name=\"form\" value=\"")
        if parts.count > 1 { formToken.withLockedValue { $0 = String(parts[1].prefix { $0 != "\"" }) } }
        return answer
    }
}
