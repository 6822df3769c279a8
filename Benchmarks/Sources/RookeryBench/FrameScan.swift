// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where the stream of frames of one connection stands, for a reader to whom only the sort of each message matters.
///
/// It hops from header to header: of a message no more than its first ``head`` bytes are looked at, and nothing is copied
/// but a head that one read cut in two.
struct FrameScan {
    /// **Bytes** at a message's beginning that tell what it is: `["OK","…64…",true`.
    static let head = 80
    /// **Bytes** that must be free in front of what is scanned: a header, and a head without its last byte.
    static let spare = 96

    private var skip = 0
    private var cut: [UInt8] = []

    /// Takes in `count` bytes at `start`, in front of which ``spare`` bytes may be overwritten.
    ///
    /// - Parameter take: is told of every message, once its beginning has come.
    mutating func scan(
        _ start: UnsafeMutableRawPointer, _ count: Int, _ take: (LoadConnection.Answer) throws -> Void
    ) rethrows {
        let end = start + count
        var at = start - cut.count
        if !cut.isEmpty {
            at.copyMemory(from: cut, byteCount: cut.count)
            cut.removeAll(keepingCapacity: true)
        }
        while at < end {
            if skip > 0 {
                let hop = min(skip, end - at)
                (skip, at) = (skip - hop, at + hop)
                continue
            }
            guard let (header, length) = Self.header(at, end), end - at >= header + min(length, Self.head)
            else {
                cut.append(contentsOf: UnsafeRawBufferPointer(start: at, count: end - at))
                return
            }
            let isText = at.load(as: UInt8.self) & 0x0F == 1
            at += header
            skip = length
            if isText { try take(Self.answer(at, length)) }
        }
    }

    /// **Bytes** of a frame's header and of its payload; `nil` while the header is incomplete.
    private static func header(
        _ at: UnsafeMutableRawPointer, _ end: UnsafeMutableRawPointer
    ) -> (header: Int, length: Int)? {
        guard end - at >= 2 else { return nil }
        let short = Int(at.load(fromByteOffset: 1, as: UInt8.self) & 0x7F)
        switch short {
        case 126:
            guard end - at >= 4 else { return nil }
            return (4, Int(UInt16(bigEndian: at.loadUnaligned(fromByteOffset: 2, as: UInt16.self))))
        case 127:
            guard end - at >= 10 else { return nil }
            return (10, Int(UInt64(bigEndian: at.loadUnaligned(fromByteOffset: 2, as: UInt64.self))))
        default: return (2, short)
        }
    }

    /// What a message of `length` bytes is that begins at `at`.
    private static func answer(_ at: UnsafeMutableRawPointer, _ length: Int) -> LoadConnection.Answer {
        guard length > 6 else { return .other }
        switch (at.load(fromByteOffset: 2, as: UInt8.self), at.load(fromByteOffset: 3, as: UInt8.self)) {
        case (UInt8(ascii: "E"), UInt8(ascii: "V")): return .event
        case (UInt8(ascii: "E"), UInt8(ascii: "O")): return .endOfStored
        case (UInt8(ascii: "C"), UInt8(ascii: "L")): return .closed
        case (UInt8(ascii: "O"), UInt8(ascii: "K")):
            let isTrue = length > 73 && at.load(fromByteOffset: 73, as: UInt8.self) == UInt8(ascii: "t")
            return isTrue ? .accepted : .refused
        default: return .other
        }
    }
}
