// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension UTCMoment {
    /// As X writes it: `2026-07-31T18:40:40.000Z`. From 0000 to 9999; what lies outside is moved there.
    public static func text(_ milliseconds: Int64) -> String {
        let (date, time, thousandths) = parts(milliseconds)
        return "\(padded(date.0, 4))-\(padded(date.1, 2))-\(padded(date.2, 2))T"
            + "\(padded(time.0, 2)):\(padded(time.1, 2)):\(padded(time.2, 2)).\(padded(thousandths, 3))Z"
    }

    /// As older daemons wrote it into names of files: `20260731_184040`.
    public static func compact(_ milliseconds: Int64) -> String {
        let (date, time, _) = parts(milliseconds)
        return padded(date.0, 4) + padded(date.1, 2) + padded(date.2, 2) + "_"
            + padded(time.0, 2) + padded(time.1, 2) + padded(time.2, 2)
    }

    /// Moments as other programs write them: with an offset, with a space for the `T`, or without saying that they are UTC.
    ///
    /// - Returns: **milliseconds** since 1970.
    public static func lenient(_ text: String) -> Int64? {
        var bytes = Array(text.utf8)
        guard (19...40).contains(bytes.count) else { return nil }
        if bytes[10] == UInt8(ascii: " ") { bytes[10] = UInt8(ascii: "T") }
        var offset: Int64 = 0
        if let sign = bytes[19...].firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
            let digits = bytes[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
            guard digits.count == 4, let number = Int64(String(decoding: digits, as: UTF8.self)), number >= 0
            else { return nil }
            offset = (number / 100 * 60 + number % 100) * 60_000 * (bytes[sign] == UInt8(ascii: "+") ? 1 : -1)
            bytes.removeSubrange(sign...)
        } else if bytes.last == UInt8(ascii: "Z") {
            bytes.removeLast()
        }
        return milliseconds(String(decoding: bytes, as: UTF8.self) + "Z").map { $0 - offset }
    }

    /// Howard Hinnant, "chrono-compatible low-level date algorithms": the day of the Gregorian calendar.
    private static func parts(
        _ milliseconds: Int64
    ) -> (date: (Int64, Int64, Int64), time: (Int64, Int64, Int64), Int64) {
        // Years 0 to 9999.
        let moment = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let days = day(moment)
        let rest = moment - days * 86_400_000
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let seconds = rest / 1_000
        return (
            (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1),
            (seconds / 3_600, seconds / 60 % 60, seconds % 60), rest % 1_000
        )
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
