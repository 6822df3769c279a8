// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct HyperLogLogTests {
    @Test(arguments: [
        ("a9663055164ab8b30d9524656370c4bf93393bb051b7edf4556f40c5298dc0c7", 17),
        ("a9663055164ab8b30d9524656371c4bf63393bb051b7edf4556f40c5298dc0c7", 14),
        ("30023:a9663055164ab8b30d9524656370c4bf93393bb051b7edf4556f40c5298dc0c7:x", 17),
        // Any other text by its SHA-256.
        ("abc", 8 + 11),
    ])
    func `the offset is the digit at position 32, and eight`(_ value: String, _ offset: Int) {
        #expect(CountedTarget(Array(value.utf8).span).offset == offset)
    }

    @Test func `a register is a byte of the key, its value the zeros that follow and one`() throws {
        var bytes = [UInt8](repeating: 0xFF, count: 32)
        bytes[17] = 42
        bytes[18] = 0
        bytes[19] = 0b0001_0000
        let key = PublicKey(try #require(Bytes32(bytes)))
        #expect(HyperLogLog.register(of: key, offset: 17) == (42, 12))
        #expect(HyperLogLog.register(of: key, offset: 18) == (0, 4))
        #expect(HyperLogLog.register(of: key, offset: 16) == (255, 3))
        let zero = PublicKey(try #require(Bytes32([UInt8](repeating: 0, count: 32))))
        #expect(HyperLogLog.register(of: zero, offset: 23) == (0, 65))
        var sketch = HyperLogLog()
        sketch.insert(key, offset: 17)
        sketch.raise(42, to: 3)
        #expect(sketch.registers[42] == 12 && sketch.registers.count { $0 > 0 } == 1)
        #expect(
            sketch.hex.utf8.count == 512 && sketch.hex.hasPrefix(String(repeating: "00", count: 42) + "0c"))
    }

    @Test func `an answer carries 512 digits, and is read again`() throws {
        var sketch = HyperLogLog()
        for index in 0...255 { sketch.raise(UInt8(index), to: UInt8(index % 60)) }
        let message = RelayMessage.count("c", CountAnswer(7, authors: sketch))
        var json: [UInt8] = []
        message.appendJSON(to: &json)
        #expect(
            String(decoding: json, as: UTF8.self)
                == "[\"COUNT\",\"c\",{\"count\":7,\"hll\":\"\(sketch.hex)\"}]")
        #expect(try RelayMessage.parse(json) == message)
        #expect(HyperLogLog(registers: [1]) == nil)
    }
}
