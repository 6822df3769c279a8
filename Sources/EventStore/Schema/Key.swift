// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Key bytes under construction, without an allocation. Numbers are big-endian, so that bytes sort as numbers.
struct Key {
    /// The longest key of the store's own tables.
    static let capacity = 32

    private var storage = InlineArray<32, UInt8>(repeating: 0)
    private(set) var count = 0

    init() {}

    @inline(__always)
    mutating func append(_ word: UInt64) {
        store(word.bigEndian)
        count += 8
    }

    @inline(__always)
    mutating func append(_ half: UInt32) {
        store(half.bigEndian)
        count += 4
    }

    @inline(__always)
    mutating func append(_ quarter: UInt16) {
        store(quarter.bigEndian)
        count += 2
    }

    /// The low six bytes.
    @inline(__always)
    mutating func append(serial: Serial) {
        append(UInt32(truncatingIfNeeded: serial.rawValue >> 16))
        append(UInt16(truncatingIfNeeded: serial.rawValue))
    }

    var span: Span<UInt8> {
        @_lifetime(borrow self) get { storage.span.extracting(0..<count) }
    }

    @inline(__always)
    private mutating func store<Value: BitwiseCopyable>(_ value: Value) {
        precondition(count + MemoryLayout<Value>.size <= Self.capacity, "a key outgrew its room")
        let offset = count
        var bytes = storage.mutableSpan
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: offset, as: Value.self) }
    }
}

extension Key {
    init(_ text: StaticString) {
        self.init()
        for index in 0..<min(text.utf8CodeUnitCount, Self.capacity) {
            storage[index] = text.utf8Start[index]
            count += 1
        }
    }

    @inline(__always)
    init(serial: Serial) {
        self.init()
        append(serial: serial)
    }

    init(_ word: UInt64) {
        self.init()
        append(word)
    }
}

extension Span<UInt8> {
    /// The big-endian word at an offset.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= count, "a word beyond the bytes")
        return withUnsafeBytes {
            UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
    }

    /// The big-endian half word at an offset.
    @inline(__always)
    func half(at offset: Int) -> UInt32 {
        precondition(offset >= 0 && offset + 4 <= count, "a half word beyond the bytes")
        return withUnsafeBytes {
            UInt32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }

    /// The big-endian quarter word at an offset.
    @inline(__always)
    func quarter(at offset: Int) -> UInt16 {
        precondition(offset >= 0 && offset + 2 <= count, "a quarter word beyond the bytes")
        return withUnsafeBytes {
            UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
        }
    }

    /// The serial at an offset: six bytes.
    @inline(__always)
    func serial(at offset: Int) -> Serial {
        Serial(rawValue: UInt64(half(at: offset)) << 16 | UInt64(quarter(at: offset + 4)))
    }

    /// Whether the first bytes are `prefix`.
    @inline(__always)
    func starts(with prefix: Span<UInt8>) -> Bool {
        guard count >= prefix.count else { return false }
        for index in 0..<prefix.count where self[index] != prefix[index] { return false }
        return true
    }
}
