// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension JSON {
    /// Reads JSON text (RFC 8259); nil if it is none, or deeper than 64 levels.
    public init?(_ bytes: some Sequence<UInt8>) {
        var reader = Reader(bytes: Array(bytes))
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipSpace()
        guard reader.place == reader.bytes.count else { return nil }
        self = value
    }

    private struct Reader {
        let bytes: [UInt8]
        var place = 0

        var next: UInt8? { place < bytes.count ? bytes[place] : nil }

        mutating func skipSpace() {
            while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
        }

        mutating func take(_ byte: Unicode.Scalar) -> Bool {
            skipSpace()
            guard next == UInt8(ascii: byte) else { return false }
            place += 1
            return true
        }

        mutating func value(depth: Int) -> JSON? {
            guard depth < 64 else { return nil }
            skipSpace()
            switch next {
            case UInt8(ascii: "{"): return object(depth: depth)
            case UInt8(ascii: "["): return array(depth: depth)
            case UInt8(ascii: "\""): return string().map { .text($0) }
            case UInt8(ascii: "t"): return word("true") ? .bool(true) : nil
            case UInt8(ascii: "f"): return word("false") ? .bool(false) : nil
            case UInt8(ascii: "n"): return word("null") ? .null : nil
            default: return number()
            }
        }

        private mutating func word(_ word: StaticString) -> Bool {
            let length = word.utf8CodeUnitCount
            guard place + length <= bytes.count,
                bytes[place..<place + length].elementsEqual(
                    UnsafeBufferPointer(start: word.utf8Start, count: length))
            else { return false }
            place += length
            return true
        }

        private mutating func object(depth: Int) -> JSON? {
            place += 1
            var members: [Member] = []
            if take("}") { return .object([]) }
            repeat {
                skipSpace()
                guard next == UInt8(ascii: "\""), let name = string(), take(":"),
                    let value = value(depth: depth + 1)
                else { return nil }
                members.append(Member(name: name, value: value))
            } while take(",")
            return take("}") ? .object(members) : nil
        }

        private mutating func array(depth: Int) -> JSON? {
            place += 1
            var items: [JSON] = []
            if take("]") { return .array([]) }
            repeat {
                guard let value = value(depth: depth + 1) else { return nil }
                items.append(value)
            } while take(",")
            return take("]") ? .array(items) : nil
        }

        /// A whole number that fits into 64 bits, or a fraction.
        private mutating func number() -> JSON? {
            let start = place
            while let byte = next, "+-.eE0123456789".utf8.contains(byte) { place += 1 }
            let text = String(decoding: bytes[start..<place], as: UTF8.self)
            guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: ".") else {
                return nil
            }
            if let number = Int64(text) { return .number(number) }
            return Double(text).flatMap { $0.isFinite ? .fraction($0) : nil }
        }

        private mutating func string() -> String? {
            place += 1
            var text: [UInt8] = []
            while let byte = next {
                place += 1
                switch byte {
                case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
                case UInt8(ascii: "\\"): guard escape(into: &text) else { return nil }
                case 0..<0x20: return nil
                default: text.append(byte)
                }
            }
            return nil
        }

        private mutating func escape(into text: inout [UInt8]) -> Bool {
            guard let byte = next else { return false }
            place += 1
            switch byte {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
            case UInt8(ascii: "u"):
                guard let scalar = escapedScalar() else { return false }
                text += String(scalar).utf8
            default: return false
            }
            return true
        }

        /// Four hexadecimal digits, or twice four of them for what lies beyond 16 bits.
        private mutating func escapedScalar() -> Unicode.Scalar? {
            guard let first = hexadecimal() else { return nil }
            guard (0xD800..<0xDC00).contains(first) else { return Unicode.Scalar(first) }
            guard word("\\u"), let second = hexadecimal(), (0xDC00..<0xE000).contains(second) else {
                return nil
            }
            return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        }

        private mutating func hexadecimal() -> UInt32? {
            guard place + 4 <= bytes.count else { return nil }
            defer { place += 4 }
            return UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
        }
    }
}
