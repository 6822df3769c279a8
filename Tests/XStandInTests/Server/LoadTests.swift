// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct LoadTests {
    @Test func `twenty thousand posts are held, paged and searched`() throws {
        var (world, _) = try XWorld.withAda()
        var users: [XUserID] = []
        for number in 0..<20 { users.append(try world.addUser("user\(number)")) }
        for number in 0..<20_000 {
            try world.post("post \(number) of @user\(number % 7)", by: users[number % 20])
            world.advance(by: .milliseconds(500))
        }
        world.advance(by: .seconds(60))
        #expect(world.postCount == 20_000)
        world.settings.rateLimits = ["GET /2/tweets/search/recent": 100_000]
        for page in 0..<50 {
            #expect(
                world.get(
                    "/2/users/\(users[page % 20])/tweets?max_results=100&tweet.fields=created_at,entities"
                ).ids.count == 100)
            #expect(
                world.get("/2/tweets/search/recent?query=from:user3&max_results=100").ids.count == 100)
        }
    }

    @Test func `many clients at once get every answer`() async throws {
        try await withServer { server in
            let ada = try server.withWorld { world in
                let ada = try world.addUser("ada")
                for number in 0..<100 { try world.post("post \(number)", by: ada) }
                return ada
            }
            let each = 50
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let client = try await RawClient.connect(server.port)
                        var good = 0
                        for _ in 0..<each {
                            try await client.send(
                                "GET /2/users/\(ada)/tweets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer \(XWorld.appToken)\r\n\r\n"
                            )
                            if await client.read(until: "\"meta\":{").contains("200 OK") { good += 1 }
                        }
                        client.close()
                        return good
                    }
                }
                for try await good in group { #expect(good == each) }
            }
        }
    }
}
