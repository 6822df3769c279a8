// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetBridge
import TweetCore

@Suite struct XClientTests {
    private static let page = #"{"data":[{"id":"5","text":"five","author_id":"1"}],"meta":{"newest_id":"5"}}"#
    private static let timeline = XQuestion.timeline(UserID(1), PageRange())

    @Test func `a question is asked with the app's token and answered`() async throws {
        try await Bench.run({ _, _ in .reply(200, Self.page, headers: ["x-request-id": "r1"]) }) {
            server, bench in
            let page = try await bench.client().ask(Self.timeline, for: .ownPosts)
            #expect(page.posts.map(\.id) == [PostID(5)])
            let request = server.requests[0]
            #expect(
                request.method == "GET" && request.path == "/2/users/1/tweets"
                    && request.token == "app-secret")
            #expect(request.headers["accept-encoding"] == "gzip")
            #expect(bench.ear.heard.results == ["answered"] && bench.ear.heard.requestIDs == ["r1"])
        }
    }

    @Test func `a packed answer is unpacked`() async throws {
        let packed = Packed.page
        try await Bench.run({ _, _ in .bytes(200, packed, headers: ["content-encoding": "gzip"]) }) {
            _, bench in
            let page = try await bench.client().ask(Self.timeline, for: .ownPosts)
            #expect(page.posts.map(\.id) == [PostID(5)])
        }
    }

    @Test func `what X cannot do now is asked again, ever later`() async throws {
        try await Bench.run({ _, number in
            number < 3
                ? .reply(503, "over capacity", headers: ["content-type": "text/plain"])
                : .reply(200, Self.page)
        }) { server, bench in
            let page = try await bench.client().ask(Self.timeline, for: .ownPosts)
            #expect(page.posts.count == 1 && server.requests.count == 4)
            #expect(bench.time.waits.count == 3)
            for (wait, plain) in zip(bench.time.waits, [1_000.0, 2_000, 4_000]) {
                #expect(Double(wait) >= plain * 0.9 - 1 && Double(wait) <= plain * 1.1)
            }
            #expect(bench.ear.heard.spent == 5_000)
        }
    }

    @Test func `five attempts are all, and five questions without an answer make it rest`() async throws {
        try await Bench.run({ _, _ in .close }) { server, bench in
            let client = bench.client()
            for _ in 0..<5 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(Self.timeline, for: .ownPosts)
                }
                #expect(failure?.label == "transient")
            }
            #expect(server.requests.count == 25)
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            #expect(failure == Turnstile.resting && server.requests.count == 25)
            // What failed cost nothing.
            let ledger = await client.ledger
            #expect(ledger.spent == 0 && ledger.underWay == 0 && bench.shelf.held == 0)
        }
    }

    @Test func `after a rest one request finds out, and the next rest is twice as long`() async throws {
        try await Bench.run({ _, number in number < 27 ? .close : .reply(200, Self.page) }) { server, bench in
            let client = bench.client()
            for _ in 0..<5 { _ = try? await client.ask(Self.timeline, for: .ownPosts) }
            bench.time.advance(by: 30_000)
            for (rest, requests) in [(0, 26), (59_999, 26), (1, 27), (119_999, 27), (1, 28)] as [(Int64, Int)]
            {
                bench.time.advance(by: rest)
                _ = try? await client.ask(Self.timeline, for: .ownPosts)
                #expect(server.requests.count == requests)
            }
        }
    }

    @Test func `429 is left to the planner, and nobody asks again before`() async throws {
        try await Bench.run({ _, _ in
            .reply(
                429, #"{"title":"Too Many Requests"}"#,
                headers: ["x-rate-limit-remaining": "0", "x-rate-limit-reset": "1785000600"])
        }) { server, bench in
            let client = bench.client()
            for _ in 0..<3 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(Self.timeline, for: .ownPosts)
                }
                #expect(failure == .limited(until: 1_785_000_605_000))
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test func `a limit that ends soon is waited out`() async throws {
        try await Bench.run({ _, number in
            number == 0
                ? .reply(
                    200, Self.page,
                    headers: [
                        "x-rate-limit-limit": "1", "x-rate-limit-remaining": "0",
                        "x-rate-limit-reset": "1785000001",
                    ])
                : .reply(200, Self.page)
        }) { server, bench in
            let client = bench.client()
            for _ in 0..<2 { _ = try await client.ask(Self.timeline, for: .ownPosts) }
            #expect(server.requests.count == 2 && bench.time.waits.count == 1)
            #expect((6_000...6_999).contains(bench.time.waits[0]))
        }
    }

    @Test func `the words are changed once, when X does not know them`() async throws {
        let refusal400 =
            #"{"errors":[{"parameters":{"tweet.fields":["x"]},"message":"unknown parameter [tweet.fields]"}],"title":"Invalid Request","type":"x/invalid-request"}"#
        try await Bench.run({ request, _ in
            request.uri.contains("tweet.fields") ? .reply(400, refusal400) : .reply(200, Self.page)
        }) { server, bench in
            let client = bench.client()
            for _ in 0..<3 { _ = try await client.ask(Self.timeline, for: .ownPosts) }
            #expect(server.requests.count == 4 && bench.ear.heard.vocabularies == [.post])
            #expect(await client.vocabulary == .post)
        }
        try await Bench.run({ _, _ in .reply(400, refusal400) }) { server, bench in
            bench.settings.vocabulary = .tweet
            let client = bench.client()
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            #expect(failure?.label == "invalid" && server.requests.count == 1)
        }
    }

    @Test func `a server that knows neither words is asked twice, not for ever`() async throws {
        let refusal400 =
            #"{"errors":[{"parameters":{"expansions":["x"]},"message":"unknown"}],"title":"Invalid Request"}"#
        try await Bench.run({ _, _ in .reply(400, refusal400) }) { server, bench in
            let client = bench.client()
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            #expect(failure?.label == "invalid" && server.requests.count == 2)
        }
    }

    @Test func `a page that is no JSON, and a body that is cut, are asked for again`() async throws {
        try await Bench.run({ _, number in
            switch number {
            case 0: .reply(200, "<html>hello</html>", headers: ["content-type": "text/html"])
            case 1: .cut(200, #"{"data":[{"id""#)
            case 2: .reply(200, #"{"data":[{"id"#)
            default: .reply(200, Self.page)
            }
        }) { server, bench in
            let client = bench.client()
            let count = try await client.ask(Self.timeline, for: .ownPosts).posts.count
            #expect(count == 1)
            #expect(server.requests.count == 4)
            #expect(await client.ledger.spent == 5_000)
        }
    }

    @Test func `a server that does not answer is given up on`() async throws {
        try await Bench.run({ _, number in number == 0 ? .hang : .reply(200, Self.page) }) { server, bench in
            bench.settings.timeout = 1_000
            let count = try await bench.client().ask(Self.timeline, for: .ownPosts).posts.count
            #expect(count == 1)
            #expect(server.requests.count == 2)
        }
    }

    @Test func `an answer over the limit is not taken`() async throws {
        try await Bench.run({ _, _ in .reply(200, Self.page + String(repeating: " ", count: 10_000)) }) {
            _, bench in
            bench.settings.limits.bytesMax = 5_000
            bench.settings.retries.attemptsMax = 1
            let client = bench.client()
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            #expect(failure == .transient("the answer is too large"))
        }
    }

    @Test func `a redirect is not followed: the token goes nowhere else`() async throws {
        let thief = try await ScriptedX { _, _ in .reply(200, Self.page) }
        let place = thief.baseURL
        try await Bench.run({ _, _ in .reply(302, "", headers: ["location": "\(place)/2"]) }) { _, bench in
            let client = bench.client()
            let failure = await refusal { () throws(XFailure) in
                _ = try await client.ask(Self.timeline, for: .ownPosts)
            }
            #expect(failure == .invalid("status 302") && thief.requests.isEmpty)
        }
        await thief.stop()
    }

    @Test func `a refused app token stops the credential`() async throws {
        try await Bench.run({ _, _ in .reply(401, #"{"title":"Unauthorized"}"#) }) { server, bench in
            let client = bench.client()
            for _ in 0..<2 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(Self.timeline, for: .ownPosts)
                }
                #expect(failure == .unauthorized("Unauthorized"))
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test func `no error shows the token`() async throws {
        for answer in [
            ScriptedX.Answer.close, .reply(401, "{}"), .reply(500, "x"),
            .reply(200, "app-secret", headers: ["content-type": "text/html"]),
        ] {
            try await Bench.run({ _, _ in answer }) { _, bench in
                let client = bench.client()
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(Self.timeline, for: .ownPosts)
                }
                #expect(!"\(String(reflecting: failure))".contains("app-secret"))
            }
        }
    }

    @Test(arguments: [
        "ftp://x.test", "https://", "https://u:p@x.test", "https://x.test?q", "x.test", "http://a b",
    ])
    func `other addresses are no base URL`(_ text: String) {
        #expect(throws: XFailure.self) { try XClientSettings(baseURL: text) }
    }

    @Test func `a slash at the end of the base URL is left out`() throws {
        #expect(try XClientSettings(baseURL: "https://api.x.com/").baseURL == "https://api.x.com")
    }
}
