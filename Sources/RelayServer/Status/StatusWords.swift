// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Telemetry

/// Numbers and spans as the status page spells them: coarse enough to change seldom.
public enum StatusWords {
    /// `1234567` as `1,234,567`.
    static func count(_ number: Int) -> String {
        var text = String(number.magnitude)
        var index = text.endIndex
        while let next = text.index(index, offsetBy: -3, limitedBy: text.startIndex), next > text.startIndex {
            text.insert(",", at: next)
            index = next
        }
        return number < 0 ? "-" + text : text
    }

    /// `6.5 MiB`.
    static func bytes(_ number: Double) -> String {
        var (amount, unit) = (number, 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while amount >= 1024, unit < units.count - 1 {
            amount /= 1024
            unit += 1
        }
        return "\(unit == 0 || amount >= 100 ? whole(amount) : tenths(amount)) \(units[unit])"
    }

    static func text(_ amount: StatusReport.Figure.Amount) -> String {
        switch amount {
        case .count(let number): count(number)
        case .bytes(let number): bytes(Double(number))
        case .share(let share): share > 0 && share < 0.001 ? "< 0.1 %" : "\(tenths(share * 100)) %"
        case .perSecond(let rate): "\(rate >= 100 ? whole(rate) : tenths(rate)) /s"
        case .bytesPerSecond(let rate): "\(bytes(rate))/s"
        case .span(let seconds): span(seconds)
        }
    }

    /// For how long, or how long ago.
    public static func span(_ seconds: Int) -> String {
        switch seconds {
        case ..<60: "< 1 min"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }

    static func ago(_ seconds: Int) -> String { seconds < 60 ? "just now" : "\(span(seconds)) ago" }

    /// `2026-11-22 18:40:05`, in UTC.
    static func moment(_ seconds: Int64) -> String {
        let text = UTCTime(seconds * 1000).description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    static func plural(_ number: Int, _ one: String, _ many: String) -> String {
        "\(count(number)) \(number == 1 ? one : many)"
    }

    private static func whole(_ number: Double) -> String {
        count(Int(exactly: number.rounded()) ?? 0)
    }

    private static func tenths(_ number: Double) -> String {
        let tenths = Int(exactly: (number * 10).rounded()) ?? 0
        return tenths % 10 == 0 ? count(tenths / 10) : "\(count(tenths / 10)).\(abs(tenths) % 10)"
    }
}
