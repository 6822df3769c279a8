// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// X's ids: 41 bits of milliseconds since 2010-11-04T01:42:54.657Z, then 22 bits that tell ids of one millisecond apart.
public enum Snowflake {
    static let epochMilliseconds: Int64 = 1_288_834_974_657

    /// The moment an id was made.
    public static func instant(of id: UInt64) -> XInstant {
        XInstant(milliseconds: Int64(id >> 22) + epochMilliseconds)
    }

    /// The lowest id of a moment; 0 for what lies before X's ids began.
    public static func firstID(at instant: XInstant) -> UInt64 {
        UInt64(max(0, instant.milliseconds - epochMilliseconds)) << 22
    }

    /// An id as X writes it: 1 to 19 digits, without a sign.
    static func id(_ text: some StringProtocol) -> UInt64? {
        guard (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else {
            return nil
        }
        return UInt64(text)
    }
}

/// The number of a post: a snowflake.
public typealias XPostID = UInt64
/// The number of a user. It stays when the handle changes.
public typealias XUserID = UInt64
