// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetBridge
import TweetCore
import XStandIn

/// The app's token is another, or is not good any more.
@Suite struct AppTokenTests {
    @Test func `a token that is refused stops its credential, and the operator's next one is used at once`()
        async throws
    {
        try await StandInTests.run { x, bench, clock in
            let user = try x.withWorld { try $0.addUser("ada") }
            let token = AppToken(Secret("rotated-away"))
            bench.sources = [token]
            let client = bench.client(clock)
            let question = XQuestion.timeline(UserID(user), PageRange())
            for _ in 0..<3 {
                let failure = await refusal { () throws(XFailure) in
                    _ = try await client.ask(question, for: .ownPosts)
                }
                #expect(failure?.label == "unauthorized")
            }
            #expect(x.withWorld { $0.requests.latest(10).count } == 1, "refused once, and not asked again")
            #expect(token.adopt(Secret(XWorld.appToken)))
            #expect(!token.adopt(Secret(XWorld.appToken)))
            await client.resume(token.asker)
            _ = try await client.ask(question, for: .ownPosts)
        }
    }
}
