// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Moments as X writes them: `2026-07-31T18:40:40.000Z` (RFC 3339, always UTC).
public enum UTCMoment {
    /// **Milliseconds** since 1970; `nil` for anything else.
    public static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 32, bytes.last == UInt8(ascii: "Z"), bytes[4] == 0x2D,
            bytes[7] == 0x2D,
            bytes[10] == UInt8(ascii: "T"), bytes[13] == 0x3A, bytes[16] == 0x3A,
            let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
            let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]),
            let second = number(bytes[17..<19]), (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60, second < 61
        else { return nil }
        var thousandths: Int64 = 0
        if bytes.count > 20 {
            guard bytes[19] == 0x2E, number(bytes[20..<(bytes.count - 1)].prefix(9)) != nil else {
                return nil
            }
            let digits = Array((bytes[20..<(bytes.count - 1)] + [0x30, 0x30, 0x30]).prefix(3))
            thousandths = number(digits[...]) ?? 0
        }
        let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
        return seconds * 1_000 + thousandths
    }

    /// Days since 1970 of a moment in **milliseconds**: X counts money by them.
    public static func day(_ milliseconds: Int64) -> Int64 {
        milliseconds >= 0 ? milliseconds / 86_400_000 : (milliseconds - 86_399_999) / 86_400_000
    }

    /// Howard Hinnant, "chrono-compatible low-level date algorithms": days since 1970 of a day of the Gregorian calendar.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }
}
