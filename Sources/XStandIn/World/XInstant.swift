// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A moment of the stand-in's clock: **milliseconds** since 1970, as X counts.
public struct XInstant: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Whole **seconds** since 1970, rounded down.
    public var seconds: Int64 { floored(milliseconds, 1_000) }

    /// Days since 1970-01-01 in UTC: what billing counts by.
    public var utcDay: Int64 { floored(milliseconds, 86_400_000) }

    public static func < (one: Self, other: Self) -> Bool { one.milliseconds < other.milliseconds }

    public static func + (instant: Self, duration: Duration) -> Self {
        Self(milliseconds: instant.milliseconds + duration.wholeMilliseconds)
    }

    public static func - (instant: Self, duration: Duration) -> Self {
        Self(milliseconds: instant.milliseconds - duration.wholeMilliseconds)
    }
}

extension XInstant {
    /// A moment of the Gregorian calendar in UTC.
    public init(year: Int64, month: Int64, day: Int64, hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0)
    {
        let days = daysFromCivil(year: year, month: month, day: day)
        milliseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000
    }

    /// Reads `2026-08-15T12:00:00Z`, with or without a fraction of a second.
    public init?(iso text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 30, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ from: Int, _ count: Int) -> Int64? {
            Int64(String(decoding: bytes[from..<from + count], as: UTF8.self))
        }
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[10] == UInt8(ascii: "T"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
            let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2),
            (1...12).contains(month), (1...31).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...60).contains(second)
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard bytes.count > 20 else { return }
        guard bytes[19] == UInt8(ascii: "."), bytes.count > 21 else { return nil }
        let digits = bytes[20..<(bytes.count - 1)].prefix(3) + Array(repeating: UInt8(ascii: "0"), count: 3)
        guard let fraction = Int64(String(decoding: digits.prefix(3), as: UTF8.self)) else { return nil }
        milliseconds += fraction
    }

    /// `2026-08-15T12:00:00.000Z`
    public var iso: String {
        let (date, time) = (dateText, floorRemainder(milliseconds, 86_400_000))
        return date + "T" + padded(time / 3_600_000, 2) + ":" + padded(time / 60_000 % 60, 2) + ":"
            + padded(time / 1_000 % 60, 2) + "." + padded(time % 1_000, 3) + "Z"
    }

    /// `2026-08-15T12:00Z`, as X writes moments in the texts of its errors.
    var isoToTheMinute: String {
        String(iso.prefix(16)) + "Z"
    }

    /// `2026-08-15`
    var dateText: String {
        let (year, month, day) = civil(fromDays: utcDay)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }

    /// Months since year 0: what a monthly cap counts by.
    var utcMonth: Int64 {
        let (year, month, _) = civil(fromDays: utcDay)
        return year * 12 + month - 1
    }
}

extension Duration {
    var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}

private func floored(_ value: Int64, _ unit: Int64) -> Int64 {
    value >= 0 ? value / unit : -((unit - 1 - value) / unit)
}

private func floorRemainder(_ value: Int64, _ unit: Int64) -> Int64 {
    value - floored(value, unit) * unit
}

private func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// Days since 1970-01-01. The year is taken to begin in March, so that the leap day is its last.
private func daysFromCivil(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floored(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floored(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * march + 2) / 5 + 1)
}
