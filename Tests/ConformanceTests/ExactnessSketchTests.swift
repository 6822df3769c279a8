// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// What answers to `COUNT` carry beside the number (NIP-45).
    @Suite struct ExactnessSketchTests {
        private func answer(_ client: NostrClient, _ filter: String) async throws -> (Int?, String?) {
            let message = try await client.ask(#"["COUNT","c",\#(filter)]"#)
            let body = message.object(2)
            return (body?["count"] as? Int, body?["hll"] as? String)
        }

        @Test func `whose reactions they are can be joined with other relays' answers`() async throws {
            let (client, note) = (try await connect(), Author().event())
            let people = (0..<3).map { _ in Author() }
            try await client.store(note)
            for person in people {
                try await client.store(person.event(7, tags: .of("e", note.id.hex), content: "+"))
            }
            let (count, hll) = try await answer(client, ##"{"kinds":[7],"#e":["\##(note.id.hex)"]}"##)
            #expect(count == 3)
            var expected = [Int](repeating: 0, count: 256)
            let place = note.id.hex.index(note.id.hex.startIndex, offsetBy: 32)
            let offset = 8 + (note.id.hex[place].hexDigitValue ?? 0)
            for person in people {
                let bytes = person.key.publicKey.bytes.bytes
                var zeros = 0
                for byte in bytes[(offset + 1)...] {
                    zeros += byte.leadingZeroBitCount
                    if byte != 0 { break }
                }
                expected[Int(bytes[offset])] = max(expected[Int(bytes[offset])], zeros + 1)
            }
            let digits = expected.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(hll == digits)
        }

        @Test func `other counts carry the number alone`() async throws {
            let client = try await connect()
            let (count, hll) = try await answer(client, #"{"kinds":[7],"since":1}"#)
            #expect(count != nil && hll == nil)
        }
    }
}
