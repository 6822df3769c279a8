// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Ways to spell a string. The text is the same on the wire and in what is hashed.
    @Suite struct JSONTests {
        private func post(content: String) async throws -> NostrClient.Answer {
            try await connect().post(SpelledEvent(content: content))
        }

        @Test func `30 the seven escapes are understood`() async throws {
            let answer = try await post(content: #"line\nquote\"slash\\return\rtab\tback\bfeed\f"#)
            #expect(answer.accepted, "\(answer)")
        }

        @Test func `31 other escapes are accepted as they were hashed`() async throws {
            let controls = (Array(0...7) + [0x0B, 0x0E, 0x0F] + Array(0x10...0x16)).map { (code: UInt8) in
                #"\u00"# + Hex.string([code])
            }
            let answer = try await post(content: controls.joined() + #"\/"#)
            #expect(answer.accepted, "\(answer)")
        }

        // JSON forbids raw control bytes in a string: what two parsers read differently is refused.
        @Test func `32 raw control bytes are refused`() async throws {
            for byte in ["\n", "\r", "\t", "\u{8}", "\u{C}"] {
                let answer = try await post(content: "raw \(byte)")
                #expect(!answer.accepted && answer.word == "invalid", "\(answer)")
            }
        }

        @Test func `33 what is no character and yet UTF-8 is accepted`() async throws {
            let bytes: [UInt8] = [0xEF, 0xB7, 0x91, 0xF4, 0x8F, 0xBF, 0xB2]
            let answer = try await post(content: String(decoding: bytes, as: UTF8.self))
            #expect(answer.accepted, "\(answer)")
        }
    }
}
