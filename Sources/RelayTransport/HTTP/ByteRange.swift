// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a `Range` header asks of something of a known size (RFC 9110 §14).
enum ByteRange: Hashable {
    /// Nothing, or what need not be heeded: another unit, several ranges, no proper one.
    case whole
    case part(Range<Int64>)
    /// Nothing of it is there: 416.
    case unsatisfiable

    init(_ header: String, size: Int64) {
        self = .whole
        let halves = header.split(separator: "=", maxSplits: 1)
        guard halves.count == 2, Self.trimmed(halves[0]).lowercased() == "bytes" else { return }
        let ends = Self.trimmed(halves[1]).split(
            separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2 else { return }
        let (first, last) = (Self.trimmed(ends[0]), Self.trimmed(ends[1]))
        switch (first.isEmpty, last.isEmpty) {
        case (true, false):
            guard let count = Self.number(last) else { return }
            self = count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .unsatisfiable
        case (false, true):
            guard let start = Self.number(first) else { return }
            self = start < size ? .part(start..<size) : .unsatisfiable
        case (false, false):
            guard let start = Self.number(first), let end = Self.number(last), start <= end else { return }
            self = start < size ? .part(start..<(min(end, size - 1) + 1)) : .unsatisfiable
        case (true, true): return
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// Digits alone; what does not fit is as good as the greatest that does.
    private static func number(_ digits: Substring) -> Int64? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(digits) ?? .max
    }
}
