// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Spans of time as people write them: `90d`.
public enum RetentionAge {
    private static let units: [(letter: Character, seconds: Int64)] = [
        ("y", 31_536_000), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1),
    ]

    /// A whole number and its unit: years of 365 days, weeks, days, hours, minutes, seconds.
    ///
    /// - Returns: `nil` for anything else, and for more than a thousand years.
    public static func seconds(_ text: some StringProtocol) -> Int64? {
        guard let letter = text.last, let unit = units.first(where: { $0.letter == letter }),
            let count = Int64(text.dropLast()), count >= 0, count <= 1_000 * (units[0].seconds / unit.seconds)
        else { return nil }
        return count * unit.seconds
    }

    /// The same the other way round, in the largest unit that fits.
    public static func text(_ seconds: Int64) -> String {
        let unit = units.first { seconds >= $0.seconds && seconds.isMultiple(of: $0.seconds) } ?? units[5]
        return "\(seconds / unit.seconds)\(unit.letter)"
    }
}
