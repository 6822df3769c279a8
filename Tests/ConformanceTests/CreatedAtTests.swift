// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

extension Conformance {
    /// Which moments are believed: all of the past, 900 seconds of the future, plain integers only.
    @Suite struct CreatedAtTests {
        private func expect(
            _ createdAt: String, accepted: Bool, _ at: SourceLocation = #_sourceLocation
        ) async throws {
            let answer = try await connect().post(SpelledEvent(createdAt: createdAt), at)
            #expect(answer.accepted == accepted, "\(answer)", sourceLocation: at)
            if !accepted { #expect(answer.word == "invalid", "\(answer)", sourceLocation: at) }
        }

        private func expect(daysAgo days: Int64, accepted: Bool) async throws {
            try await expect("\(Int64.now - days * 86_400)", accepted: accepted)
        }

        @Test func `34 a week old is accepted`() async throws { try await expect(daysAgo: 7, accepted: true) }

        @Test func `35 four weeks old is accepted`() async throws {
            try await expect(daysAgo: 28, accepted: true)
        }

        @Test func `36 a year old is accepted`() async throws {
            try await expect(daysAgo: 365, accepted: true)
        }

        @Test func `37 the year 2015 is accepted`() async throws {
            try await expect("1420070461", accepted: true)
        }

        // From before Nostr, and yet a history may be imported under its true dates.
        @Test func `38 the year 1999 is accepted`() async throws {
            try await expect("915148861", accepted: true)
        }

        @Test func `39 the first moment is accepted`() async throws { try await expect("0", accepted: true) }

        // NIP-01 counts from 1970: a sign is no part of the number.
        @Test func `40 a moment before 1970 is refused`() async throws {
            try await expect("-200", accepted: false)
        }

        // 41 to 44: further ahead than `created_at_upper_limit`, 900 seconds unless the operator says otherwise.
        @Test func `41 a year ahead is refused`() async throws {
            try await expect(daysAgo: -365, accepted: false)
        }

        @Test func `42 the last moment of 63 bits is refused`() async throws {
            try await expect("9223372036854775807", accepted: false)
        }

        @Test func `43 the first moment beyond 31 bits is refused while it is far ahead`() async throws {
            try await expect("2147483649", accepted: false)
        }

        @Test func `44 a moment beyond 32 bits is refused`() async throws {
            try await expect("4294967297", accepted: false)
        }

        // Two spellings of one number would be two ids of one event.
        @Test func `45 scientific notation is refused`() async throws {
            try await expect("1e+10", accepted: false)
        }
    }
}
