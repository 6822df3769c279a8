// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing

extension Conformance {
    /// What the relay says about itself (NIP-11). It claims what is on, and nothing else.
    @Suite struct InformationTests {
        private func document() async throws -> [String: Any] {
            let answer = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/nostr+json")
            return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        }

        private func claims(_ nip: Int) async throws -> Bool {
            let claimed = try #require(try await document()["supported_nips"] as? [Int])
            return claimed.contains(nip)
        }

        @Test func `1 the information document is served`() async throws {
            let told = try await document()
            for name in ["name", "description", "software", "version", "supported_nips", "limitation"] {
                #expect(told[name] != nil, "\(name)")
            }
        }

        // Kinds of messages between two people that tell who writes to whom: NIP-17 took their place.
        @Test func `2 it does not claim NIP-04`() async throws { #expect(try await !claims(4)) }

        @Test func `3 it claims NIP-09`() async throws { #expect(try await claims(9)) }

        @Test func `4 it claims NIP-11`() async throws { #expect(try await claims(11)) }

        // Delegated signing never found users: an event counts as its signer's.
        @Test func `5 it does not claim NIP-26`() async throws { #expect(try await !claims(26)) }

        // Groups need rules of their own, which this relay does not have.
        @Test func `6 it does not claim NIP-29`() async throws { #expect(try await !claims(29)) }

        @Test func `it claims NIP-34`() async throws { #expect(try await claims(34)) }

        @Test func `7 it claims NIP-40`() async throws { #expect(try await claims(40)) }

        @Test func `8 it claims NIP-42`() async throws { #expect(try await claims(42)) }

        @Test func `9 it claims NIP-45`() async throws { #expect(try await claims(45)) }

        @Test func `11 it claims NIP-59`() async throws { #expect(try await claims(59)) }

        @Test func `12 it claims NIP-65`() async throws { #expect(try await claims(65)) }

        @Test func `it claims NIP-67`() async throws { #expect(try await claims(67)) }

        @Test func `it claims NIP-77`() async throws { #expect(try await claims(77)) }

        // Nobody may manage a relay that names no admins, nor ask for all of some tags where that is not offered.
        @Test func `it claims neither NIP-86 nor NIP-98 nor NIP-91 unless they are on`() async throws {
            for nip in [86, 91, 98] { #expect(try await !claims(nip), "\(nip)") }
        }

        // File metadata asks nothing of a relay that other events do not.
        @Test func `13 it does not claim NIP-94`() async throws { #expect(try await !claims(94)) }

        // File storage is for servers of another kind.
        @Test func `14 it does not claim NIP-96`() async throws { #expect(try await !claims(96)) }
    }
}
