// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Numbers of stored events, a bit each.
struct NumberSet: Sendable {
    private var words: [UInt64] = []
    private(set) var count = 0

    func contains(_ number: UInt64) -> Bool {
        let word = Int(number / 64)
        return word < words.count && words[word] & (1 << (number % 64)) != 0
    }

    /// - Returns: whether it was not there.
    mutating func insert(_ number: UInt64) -> Bool {
        let word = Int(number / 64)
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: max(words.count, word + 1 - words.count)))
        }
        guard words[word] & (1 << (number % 64)) == 0 else { return false }
        words[word] |= 1 << (number % 64)
        count += 1
        return true
    }

    /// Takes out the lowest number that is not below the word of `start`, or else the lowest of all.
    ///
    /// - Complexity: O(words in between); over a whole sweep, that of one pass.
    mutating func takeNext(from start: UInt64) -> UInt64? {
        guard count > 0 else { return nil }
        let first = min(Int(start / 64), words.count)
        return takeFirst(in: first..<words.count) ?? takeFirst(in: 0..<first)
    }

    private mutating func takeFirst(in range: Range<Int>) -> UInt64? {
        for word in range where words[word] != 0 {
            let bit = UInt64(words[word].trailingZeroBitCount)
            words[word] &= ~(1 << bit)
            count -= 1
            return UInt64(word) * 64 + bit
        }
        return nil
    }
}
