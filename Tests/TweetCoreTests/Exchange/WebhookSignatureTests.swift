// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@Suite struct WebhookSignatureTests {
    /// Made with `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef`.
    @Test func `a signature is what openssl makes`() {
        let signature = WebhookSignature.of(
            Array(#"{"a":1}"#.utf8), at: Timestamp(1_700_000_000), secret: Secret("0123456789abcdef"))
        #expect(signature == "sha256=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23")
    }

    @Test func `another moment, body or secret has another signature`() {
        let body = Array("a".utf8)
        let signature = WebhookSignature.of(body, at: Timestamp(1), secret: Secret("s"))
        #expect(signature != WebhookSignature.of(body, at: Timestamp(2), secret: Secret("s")))
        #expect(signature != WebhookSignature.of([], at: Timestamp(1), secret: Secret("s")))
        #expect(signature != WebhookSignature.of(body, at: Timestamp(1), secret: Secret("t")))
    }

    @Test func `an answer says whether to try again`() {
        func answer(_ status: Int, _ retryAfter: String? = nil) -> WebhookAnswer {
            WebhookAnswer(status: status, retryAfter: retryAfter, at: 1_000)
        }
        #expect(answer(204) == .delivered)
        #expect(answer(302) == .failed(.permanent, "302: redirects are not followed"))
        #expect(answer(410) == .failed(.permanent, "410: the receiver wants no more"))
        #expect(answer(429, "7") == .failed(.limited(until: 8_000), "429"))
        #expect(answer(503, "99999999") == .failed(.limited(until: 3_601_000), "503"))
        #expect(answer(503, "soon") == .failed(.transient, "503"))
        #expect(answer(404) == .failed(.transient, "404"))
    }
}
