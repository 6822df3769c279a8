// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@testable import TweetBridge

/// The same in JSON.
@Suite struct ModerationCallTests {
    private func items(_ answer: HTTPAnswer) -> [[String: Any]] {
        answer.json?["items"] as? [[String: Any]] ?? []
    }

    @Test func `a script lists, looks and decides`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post(3)
            var answer = try await scene.call("/moderation/api/items?limit=2", as: "vic")
            #expect(answer.status == 200 && answer.headers["content-type"] == "application/json")
            #expect(
                items(answer).map { $0["number"] as? Int } == [1, 2] && answer.json?["next"] as? Int == 2)
            #expect(items(answer).first?["who"] as? String == "@user10")
            #expect(try await scene.call("/moderation/api/items?state=nonsense").status == 400)
            answer = try await scene.call("/moderation/api/items?after=2")
            #expect(items(answer).count == 1 && answer.json?["next"] == nil)
            answer = try await scene.call(
                "/moderation/api/decisions",
                body: #"{"verdict":"approve","reason":"ok","items":[{"number":1,"revision":0},2]}"#)
            #expect(answer.status == 200)
            #expect(items(answer).map { $0["state"] as? String } == ["approved", "approved"])
            answer = try await scene.call("/moderation/api/items/1")
            #expect(
                answer.json?["state"] as? String == "approved" && answer.json?["post"] as? String == "100")
            #expect((answer.json?["trail"] as? [[String: Any]])?.last?["by"] as? String == "ann, on the web")
            answer = try await scene.call(
                "/moderation/api/decisions",
                body: #"{"verdict":"reject","items":[{"number":1,"revision":0},{"number":3}]}"#)
            #expect(answer.status == 409)
            #expect(items(answer).map { $0["error"] != nil } == [true, false])
            answer = try await scene.call(
                "/moderation/api/decisions", body: #"{"verdict":"reject","items":[99]}"#)
            #expect(answer.status == 404)
        }
    }

    @Test func `who is not known, or only looks, is refused; a cookie is no proof here`() async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let body = #"{"verdict":"approve","items":[1]}"#
            #expect(try await scene.call("/moderation/api/decisions", as: "vic", body: body).status == 403)
            let stranger = try await scene.call("/moderation/api/items", as: "mallory")
            #expect(stranger.status == 401 && stranger.headers["www-authenticate"] == "Nostr, Bearer")
            let ann = try await scene.browser(of: "ann")
            #expect(try await ann.get("/moderation/api/items").status == 401)
            #expect(
                try await ann.post("/moderation/api/decisions", ["verdict": "approve", "item": "1.0"]).status
                    == 401)
            let signed = try await HTTPAnswer.get(
                "/moderation/api/items", from: scene.port.port, headers: ["Authorization": "Nostr 2"])
            #expect(signed.status == 200)
            #expect(try scene.world.store.item(1)?.state == .pending)
        }
    }

    @Test(arguments: [
        "", "[]", "{", #"{"verdict":"approve"}"#, #"{"verdict":"explode","items":[1]}"#,
        #"{"verdict":"approve","items":["x"]}"#, #"{"verdict":"approve","items":[-1]}"#,
        #"{"verdict":"approve","items":[{"revision":1}]}"#,
        #"{"verdict":"approve","items":[{"number":1,"revision":-1}]}"#,
        #"{"verdict":"approve","items":[{"number":1,"revision":0.0}]}"#,
        #"{"verdict":"approve","items":[{"number":1,"revision":4294967296}]}"#,
        #"{"verdict":"approve","items":[{"number":1,"revision":true}]}"#,
        #"{"verdict":"approve","items":[\#(Array(repeating: "1", count: 201).joined(separator: ","))]}"#,
    ])
    func `a call that makes no sense decides nothing`(body: String) async throws {
        try await ModerationScene.run { scene async throws in
            try await scene.post()
            let answer = try await scene.call("/moderation/api/decisions", body: body)
            #expect(answer.status == 400 && answer.json?["error"] != nil, "\(answer.text)")
            #expect(try scene.world.store.item(1)?.state == .pending)
        }
    }
}
