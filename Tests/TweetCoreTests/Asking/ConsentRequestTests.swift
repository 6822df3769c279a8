// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import TweetCore

@Suite struct ConsentRequestTests {
    /// The verifier and challenge of RFC 7636, appendix B.
    private static let verifier: [UInt8] = [
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105,
        214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ]

    private let consent = ConsentRequest(
        client: "id 1", redirect: "http://127.0.0.1:8481/", scopes: ConsentRequest.scopes(mayWrite: true),
        chance: [UInt8](repeating: 0, count: 16) + verifier)

    @Test func `the address asks with the challenge and keeps the verifier back`() {
        let address = consent.address(at: "https://x.com")
        #expect(
            address
                == "https://x.com/i/oauth2/authorize?response_type=code&client_id=id%201"
                + "&redirect_uri=http:%2F%2F127.0.0.1:8481%2F"
                + "&scope=tweet.read%20users.read%20offline.access%20tweet.write"
                + "&state=AAAAAAAAAAAAAAAAAAAAAA"
                + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256")
        #expect(!address.contains("dBjftJeZ4CVP") && !"\(consent)".contains("dBjftJeZ4CVP"))
    }

    @Test func `the answer gives the code, and the form shows the verifier`() throws {
        let answer = "http://127.0.0.1:8481/?state=AAAAAAAAAAAAAAAAAAAAAA&code=a%2Bb%20c#top"
        let form = String(decoding: try consent.grant(in: answer).form(client: "id 1"), as: UTF8.self)
        #expect(
            form
                == "grant_type=authorization_code&code=a%2Bb%20c&redirect_uri=http:%2F%2F127.0.0.1:8481%2F"
                + "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk&client_id=id%201")
    }

    @Test(arguments: [
        ("http://a/?state=AAAAAAAAAAAAAAAAAAAAAA&error=access_denied", ConsentRequest.Refusal.denied),
        ("http://a/?state=other&code=c", .otherState), ("http://a/?code=c", .otherState),
        ("http://a/?state=AAAAAAAAAAAAAAAAAAAAAA&code=", .noCode), ("c0de", .noCode), ("", .noCode),
        ("http://a/?state=AAAAAAAAAAAAAAAAAAAAAA&code=%zz", .noCode),
    ])
    func `an answer that is none is refused`(answer: String, refusal: ConsentRequest.Refusal) {
        #expect(throws: refusal) { try consent.grant(in: answer) }
    }
}
