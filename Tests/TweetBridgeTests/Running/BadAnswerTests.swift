// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// Whatever X, or somebody on the way, answers instead of a page: nothing is lost, nothing is there twice, and later posts arrive.
@Suite(.timeLimit(.minutes(3))) struct BadAnswerTests {
    /// What a page must not be. Numbers are taken where they are numbers, whichever way they are written.
    private static let pages: [String] = [
        "7", "[]", "null", "\"data\"", #"{"data":{}}"#, #"{"data":"none"}"#, #"{"data":[[]]}"#,
        #"{"data":[null]}"#,
        #"{"data":[{"id":5}]}"#, #"{"data":[{"id":"-5","text":"a"}]}"#,
        #"{"data":[{"id":"5.5","text":"a"}]}"#,
        #"{"data":[{"id":1e400,"text":"a"}]}"#, #"{"data":[{"id":null,"text":"a"}]}"#,
        #"{"data":[{"id":"99999999999999999999999","text":"a"}]}"#, #"{"data":[{"id":{},"text":"a"}]}"#,
        #"{"data":[{"id":"5","text":{}}]}"#, #"{"data":[],"includes":[]}"#,
        #"{"data":[],"includes":{"users":[7]}}"#,
        #"{"errors":{}}"#, #"{"errors":[7]}"#, #"{"meta":[]}"#, #"{"meta":{"next_token":7}}"#,
        String(repeating: "[", count: 100_000),
        #"{"data":[],"pad":""# + String(repeating: "x", count: 17 << 20) + "\"}",
        #"{"data":["# + String(repeating: "0,", count: 600_000) + "0]}",
    ]

    private static let effects: [XFault.Effect] =
        [
            .html(200), .html(503), .plain(200, "over capacity"), .plain(503, "over capacity"), .status(500),
            .status(502), .status(503), .status(504), .status(404), .status(418), .refuse, .reset(after: 0),
            .reset(after: 10),
            .truncate(to: 0), .truncate(to: 20), .invalidJSON, .empty, .gzip, .brokenGzip,
            .contentType("text/plain"), .redirect("http://127.0.0.1:9/"), .rateLimited, .usageCapped,
            .creditsDepleted, .clientForbidden("official-client-forbidden"),
            .clientForbidden("client-not-enrolled"), .status(401), .status(403),
        ] + pages.map { .json($0) }

    /// A bridge through all of them, each met once and three times.
    @Test(arguments: 0..<4) func `what comes instead of a page costs nothing but time`(part: Int) async throws
    {
        let ada = try #require(Handle("ada"))
        let scene = try await BridgeScene { $0.handles = [ada] }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        var expected: [String] = []
        for (number, effect) in Self.effects.enumerated() where number % 4 == part {
            for times in [1, 3] {
                expected.append("post \(number) \(times)")
                _ = try scene.x.withWorld { [text = expected.last ?? ""] world in
                    world.clearFaults()
                    try world.add(XFault(effect, path: "/2/users/\(user)/", times: times))
                    try world.post(text, by: user)
                }
                scene.pass(.seconds(60))
                // A token, a limit or the network may have to rest first.
                let bridge = try scene.bridge(cap: 100_000_000)
                for _ in 0..<4 {
                    await bridge.once()
                    scene.pass(.seconds(3_700))
                }
                let found = try scene.texts()
                #expect(found == expected, "after \(String(describing: effect).prefix(100))")
                if found != expected { return }
            }
        }
        #expect(scene.observer.now.errors == [])
        try await scene.end()
    }

    @Test(arguments: [.hang, .drip(every: .milliseconds(50))] as [XFault.Effect])
    func `who answers too slowly is given up on`(effect: XFault.Effect) async throws {
        let ada = try #require(Handle("ada"))
        let scene = try await BridgeScene(timeout: 500) { $0.handles = [ada] }
        let user = try scene.x.withWorld { try $0.addUser("ada") }
        scene.pass(.seconds(60))
        try await scene.once()
        _ = try scene.x.withWorld { world in
            try world.add(XFault(effect, path: "/2/users/\(user)/", times: 2))
            try world.post("during", by: user)
        }
        scene.pass(.seconds(600))
        let clock = ContinuousClock()
        let began = clock.now
        try await scene.once()
        #expect(try scene.texts() == ["during"])
        // A second for two attempts; a body of a thousand bytes would have come in 50 s.
        #expect(clock.now - began < .seconds(20))
        try await scene.end()
    }
}
