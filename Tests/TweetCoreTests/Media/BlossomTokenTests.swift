// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@Suite struct BlossomTokenTests {
    private static let now = Timestamp(1_750_000_000)
    private static let hash = String(repeating: "ab", count: 32)
    private static let key = TestKey.secret(1)

    private func token(
        _ verb: BlossomToken.Verb = .upload, servers: [String] = ["cdn.test"], at: Timestamp = now,
        for seconds: Int64 = 60,
        change: (inout UnsignedEvent) -> Void = { _ in }
    ) -> Event {
        var event = BlossomToken.unsigned(
            verb, [Self.hash], servers: servers, author: Self.key.publicKey, at: at, for: seconds,
            content: "Upload")
        change(&event)
        return event.signed(by: Self.key)
    }

    private func read(
        _ headers: [String], _ verb: BlossomToken.Verb = .upload
    ) -> Result<BlossomCredential, BlossomCredential.Refusal> {
        do throws(BlossomCredential.Refusal) {
            return .success(
                try BlossomCredential(
                    headers, for: verb, domain: "cdn.test", at: Self.now, skew: 10, verifier: Verifier()))
        } catch { return .failure(error) }
    }

    private func read(_ event: Event, _ verb: BlossomToken.Verb = .upload) -> Bool {
        (try? read([BlossomToken.header(event, .url)], verb).get()) != nil
    }

    @Test(arguments: Base64.allCases) func `a token is read in either spelling`(spelling: Base64) throws {
        let credential = try read([BlossomToken.header(token(), spelling)]).get()
        #expect(credential.key == Self.key.publicKey && credential.hashes == [Self.hash])
    }

    @Test func `the header is base64url without padding`() {
        for length in 0..<40 {
            let header = BlossomToken.header(
                token { $0.content = String(repeating: "?", count: length) }, .url)
            #expect(header.hasPrefix("Nostr "))
            #expect(!header.contains("=") && !header.contains("+") && !header.contains("/"))
        }
    }

    @Test func `a token is dated back, expires, and is bound to its server`() {
        let event = token()
        #expect(event.kind == 24_242 && event.createdAt == Timestamp(1_749_999_995))
        #expect(
            event.tags == [
                ["t", "upload"], ["expiration", "1750000060"], Tag(["x", Self.hash]), ["server", "cdn.test"],
            ])
    }

    @Test func `what does not hold is refused`() {
        #expect(read(token()))
        #expect(read(token(servers: [])))
        #expect(read(token(servers: ["other.test", "cdn.test"])))
        #expect(!read(token(servers: ["other.test"])))
        #expect(!read(token(), .delete))
        #expect(!read(token(for: 0)))
        #expect(!read(token(at: Self.now.advanced(by: 3_600), for: 60)))
        #expect(!read(token { $0.kind = 27_235 }))
        #expect(!read(token { $0.tags.removeAll { $0.name == "expiration" } }))
        #expect(!read(token { $0.tags.removeAll { $0.name == "t" } }))
        let forged = BlossomToken.unsigned(
            .upload, [Self.hash], servers: [], author: Self.key.publicKey, at: Self.now, for: 60, content: ""
        ).withSignature([UInt8](repeating: 1, count: 64))
        #expect(!read(forged))
    }

    @Test(arguments: [
        [], ["Bearer abc"], ["Nostr"], ["Nostr !!!!"], ["Nostr e30"], ["Nostr e30", "Nostr e30"],
    ])
    func `what is no token is refused`(headers: [String]) {
        #expect((try? read(headers).get()) == nil)
    }

    @Test func `Base64 goes there and back`() {
        for length in 0..<70 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 83 + 191) }
            for spelling in Base64.allCases { #expect(Base64.decode(spelling.encoded(bytes)) == bytes) }
        }
        #expect(
            Base64.url.encoded([0xFB, 0xFF]) == "-_8" && Base64.standard.encoded([0xFB, 0xFF]) == "+/8=")
        for bad in ["A", "AA=A", "A===", "A A", "é"] { #expect(Base64.decode(bad) == nil, "\(bad)") }
    }
}
