// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Sizes as people write them: `500MB`, `10GiB`, `4096`.
enum SizeText {
    private static let units: [(name: String, bytes: Double)] = [
        ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
        ("kB", 1e3), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
    ]

    /// **Bytes**; `nil` for anything else.
    static func bytes(_ text: String) -> Int? {
        let unit = units.first { text.hasSuffix($0.name) }
        let number = text.dropLast(unit?.name.count ?? 0)
        guard let count = Double(number), count >= 0 else { return nil }
        return Int(exactly: (count * (unit?.bytes ?? 1)).rounded())
    }
}
