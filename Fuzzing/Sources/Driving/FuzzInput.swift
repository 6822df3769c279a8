// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The bytes of one input, where libFuzzer has put them: what reads beyond their end is caught by AddressSanitizer.
///
/// libFuzzer keeps the memory until the call that brought it has returned, and no fuzzer keeps an input.
struct FuzzInput {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var count: Int { bytes.count }

    var span: Span<UInt8> {
        @_lifetime(borrow self) get { bytes.span }
    }

    /// A copy.
    var array: [UInt8] { Array(bytes) }
    /// A copy, with U+FFFD for what is no UTF-8.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// One byte, to choose by; 0 when there are not so many.
    subscript(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    /// What follows the first few bytes.
    func dropping(_ count: Int) -> FuzzInput {
        FuzzInput(UnsafeBufferPointer(rebasing: bytes.dropFirst(count)))
    }

    /// The lines, without their ends; the last is all that is left.
    func lines(atMost most: Int) -> [FuzzInput] {
        bytes.split(separator: UInt8(ascii: "\n"), maxSplits: most - 1, omittingEmptySubsequences: false)
            .map { FuzzInput(UnsafeBufferPointer(rebasing: $0)) }
    }
}

/// Cuts bytes into pieces, always alike for one seed: single bytes for 0, else up to `seed` of them, some empty.
func pieces(of bytes: [UInt8], seed: UInt8) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var (start, state) = (0, UInt32(seed) &* 2_654_435_761 | 1)
    while start < bytes.count {
        state = state &* 1_664_525 &+ 1_013_904_223
        let length = seed == 0 ? 1 : Int(state >> 16) % (Int(seed) + 1)
        let end = min(bytes.count, start + length)
        pieces.append(bytes[start..<end])
        start = end
    }
    return pieces
}
