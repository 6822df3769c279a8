// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

/// Every row of X's errors, by what is to be done about it.
@Suite struct FailureTests {
    private static let now: Int64 = 1_785_000_000_000
    private static let window = [
        "x-rate-limit-limit": "450", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1785000600",
    ]

    @Test(arguments: [
        #"{"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429}"#,
        #"{"errors":[{"code":88,"message":"Rate limit exceeded"}]}"#,
        #"{"title":"Rate limit","detail":"slow down","type":"https://api.x.com/2/problems/rate-limit-exceeded"}"#,
    ]) func `429 waits for the window, and a little more`(_ body: String) {
        let reply = XReply.fixture(429, body, headers: Self.window)
        #expect(failure(reply, at: Self.now) == .limited(until: 1_785_000_605_000))
    }

    @Test func `429 without a window waits as long as it says, or as we know`() {
        let reply = XReply.fixture(429, "{}", headers: ["retry-after": "30"])
        #expect(failure(reply, at: Self.now) == .limited(until: Self.now + 30_000))
        #expect(failure(XReply.fixture(429, "slow", type: "text/plain")) == .limited(until: nil))
    }

    @Test func `an absurd moment is cut to a day`() {
        let reply = XReply.fixture(
            429, "{}", headers: ["x-rate-limit-remaining": "0", "x-rate-limit-reset": "99999999999999"])
        #expect(failure(reply, at: Self.now) == .limited(until: Self.now + RateBudget.longest))
    }

    @Test func `429 for the day waits for the day`() {
        var headers = Self.window
        headers["x-user-limit-24hour-remaining"] = "0"
        headers["x-user-limit-24hour-reset"] = "1785050000"
        #expect(
            failure(.fixture(429, "{}", headers: headers), at: Self.now) == .limited(until: 1_785_050_005_000)
        )
    }

    @Test(arguments: [429, 403]) func `a used up product cap is no rate limit`(_ status: Int) {
        let body = #"""
            {"title":"UsageCapExceeded","detail":"Usage cap exceeded: Monthly product cap","period":"Monthly","scope":"Product",
             "account_id":1,"product_name":"x","type":"https://api.twitter.com/2/problems/usage-capped"}
            """#
        #expect(
            failure(
                .fixture(status, body, headers: ["x-rate-limit-remaining": "9", "x-rate-limit-reset": "1"]))
                == .usageCapped(until: nil))
    }

    @Test(arguments: [
        #"{"title":"CreditsDepleted","detail":"Your enrolled account [1] does not have any credits to fulfill this request.","type":"https://api.twitter.com/2/problems/credits"}"#,
        #"{"title":"Payment Required","type":"https://api.x.com/2/problems/credits-depleted"}"#, "",
    ]) func `402 means that no money is left`(_ body: String) {
        #expect(failure(.fixture(402, body)) == .outOfCredits)
    }

    @Test func `401 is about the token`() {
        let body = #"{"title":"Unauthorized","type":"about:blank","status":401,"detail":"Unauthorized"}"#
        #expect(
            failure(.fixture(401, body, type: "application/problem+json")) == .unauthorized("Unauthorized"))
    }

    @Test(arguments: [
        #"{"title":"Unsupported Authentication","detail":"Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.","type":"https://api.twitter.com/2/problems/unsupported-authentication"}"#,
        #"{"reason":"client-not-enrolled","title":"Client Forbidden","detail":"not enrolled","type":"https://api.twitter.com/2/problems/client-forbidden"}"#,
        #"{"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank","title":"Forbidden","status":403}"#,
    ]) func `403 is for good`(_ body: String) {
        guard case .forbidden(let text)? = failure(.fixture(403, body)) else {
            Issue.record("not forbidden")
            return
        }
        #expect(!text.isEmpty)
    }

    @Test func `a since_id that is too old says where to begin`() {
        let body = #"""
            {"errors":[{"parameters":{"since_id":["1"]},"message":"'since_id' must be a tweet id created after 2026-07-31T11:45Z. Please use a 'since_id' that is larger than 2083157183716917248"}],
             "title":"Invalid Request","detail":"One or more parameters to your request was invalid.","type":"https://api.twitter.com/2/problems/invalid-request"}
            """#
        #expect(
            failure(.fixture(400, body), to: .search("a", PageRange()))
                == .staleSince(PostID(2_083_157_183_716_917_248)))
    }

    @Test func `another wrong parameter is told`() {
        let body = #"""
            {"errors":[{"parameters":{"since_id":["1"],"start_time":["x"]},"message":"Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."}],
             "title":"Invalid Request","detail":"One or more parameters to your request was invalid.","type":"https://api.twitter.com/2/problems/invalid-request"}
            """#
        guard case .invalid(let text)? = failure(.fixture(400, body)) else {
            Issue.record("not invalid")
            return
        }
        #expect(text.hasPrefix("Invalid use of 'since_id'"))
    }

    @Test(arguments: [
        ("Could not find user with id: [1].", "Not Found Error", "resource-not-found", Absence.deleted),
        ("User has been suspended: [1].", "Forbidden", "resource-not-found", .suspended),
        (
            "Sorry, you are not authorized to see the user with id: [1].", "Authorization Error",
            "not-authorized-for-resource", .protected
        ),
        ("This has been withheld in your country.", "Forbidden", "resource-unavailable", .withheld),
    ]) func `an account that is not to be had says why, in either status`(
        _ detail: String, _ title: String, _ type: String, _ absence: Absence
    ) {
        let body =
            #"{"errors":[{"value":"1","detail":"\#(detail)","title":"\#(title)","resource_type":"user","parameter":"id","resource_id":"1","type":"https://api.x.com/2/problems/\#(type)"}]}"#
        for status in [200, 404] {
            guard case .absent(let why, let problem)? = failure(.fixture(status, body)) else {
                Issue.record("not absent")
                continue
            }
            #expect(why == absence && problem.user == UserID(1))
        }
    }

    @Test func `a look-up of which nothing was found is answered`() throws {
        let body =
            #"{"errors":[{"value":"5","detail":"Could not find tweet with id: [5].","title":"Not Found Error","resource_type":"tweet","parameter":"id","resource_id":"5","type":"https://api.x.com/2/problems/resource-not-found"}]}"#
        for status in [200, 404] {
            let page = try XReply.fixture(status, body).answer(to: .posts([PostID(5)]), at: 0)
            #expect(
                page.posts.isEmpty && page.problems.map(\.post) == [PostID(5)]
                    && page.problems.map(\.absence) == [.deleted])
        }
    }

    @Test func `an empty list of an account that is there is an answer`() throws {
        let page = try XReply.fixture(200, #"{"meta":{"result_count":0}}"#).answer(
            to: .timeline(UserID(1), PageRange()), at: 0)
        #expect(page.posts.isEmpty && page.next == nil)
    }

    @Test(arguments: [500, 502, 503, 504, 408]) func `what X could not do is worth trying again`(
        _ status: Int
    ) {
        for (body, type) in [
            ("{}", "application/problem+json"), ("<html>over capacity</html>", "text/html"),
            ("", "text/plain"),
        ] {
            #expect(failure(.fixture(status, body, type: type)) == .transient("status \(status)"))
        }
    }

    @Test func `an answer that is no JSON is worth trying again`() {
        #expect(failure(.fixture(200, "<html>", type: "text/html")) == .transient("the answer is no JSON"))
        #expect(failure(.fixture(200, "{}", type: nil)) == .transient("the answer is no JSON"))
        guard case .transient(let text)? = failure(.fixture(200, #"{"data":[{"id":"x","text":""}]}"#)) else {
            Issue.record("not transient")
            return
        }
        #expect(text == "the answer cannot be read: wrong or missing: data[0].id")
    }

    @Test func `foreign texts are short and without control bytes`() {
        let long = String(repeating: "a\\n", count: 1_000)
        guard case .forbidden(let text)? = failure(.fixture(403, #"{"title":"t","detail":"\#(long)"}"#))
        else {
            Issue.record("not forbidden")
            return
        }
        #expect(text.count == 300 && !text.contains("\n"))
    }

    @Test func `a redirect is not followed`() {
        #expect(failure(.fixture(302, "")) == .invalid("status 302"))
    }
}
