// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How far something has come: a bar that is drawn over itself on a terminal, a line now and then elsewhere.
struct ProgressLine {
    private let isTerminal: Bool
    private let write: (String) -> Void
    private let start: ContinuousClock.Instant
    private var last: ContinuousClock.Instant
    private var isDrawn = false

    /// How much time passes between two lines.
    private var interval: Duration { isTerminal ? .milliseconds(100) : .seconds(10) }

    init(
        isTerminal: Bool = Console.errorIsTerminal, at now: ContinuousClock.Instant = .now,
        write: @escaping (String) -> Void = { _ = Console.write(Array($0.utf8), to: 2) }
    ) {
        self.isTerminal = isTerminal
        self.write = write
        start = now
        last = now
    }

    /// Shows `done` of `whole` (0 … 1, `nil` when the whole is unknown) and how many `things` went by.
    mutating func show(
        _ fraction: Double?, _ things: Int, _ noun: String, at now: ContinuousClock.Instant = .now
    ) {
        guard now - last >= interval else { return }
        last = now
        let text = Self.text(fraction, things, noun, in: now - start, hasBar: isTerminal)
        write(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
        isDrawn = isTerminal
    }

    /// Takes the bar away.
    mutating func clear() {
        if isDrawn { write("\r\u{1B}[K") }
        isDrawn = false
    }

    static func text(_ fraction: Double?, _ things: Int, _ noun: String, in time: Duration, hasBar: Bool)
        -> String
    {
        let seconds = max(0.001, Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18)
        let speed = "\(Numbers.grouped(things)) \(noun), \(Numbers.grouped(Int(Double(things) / seconds)))/s"
        guard let fraction else { return speed }
        let percent = Int((min(1, max(0, fraction)) * 100).rounded(.down))
        guard hasBar else { return "\(percent) %: \(speed)" }
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        return "\(bar) \(percent) %  \(speed)"
    }
}

/// Numbers for people.
enum Numbers {
    /// `1234567` as `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var text = String(number.magnitude)
        var index = text.endIndex
        while let next = text.index(index, offsetBy: -3, limitedBy: text.startIndex), next > text.startIndex {
            text.insert(",", at: next)
            index = next
        }
        return number < 0 ? "-" + text : text
    }

    /// A span in seconds with a useful number of digits: `0.31 s`, `12 s`.
    static func seconds(_ span: Duration) -> String {
        let seconds = Double(span.components.seconds) + Double(span.components.attoseconds) / 1e18
        if seconds >= 10 { return "\(Int(seconds.rounded())) s" }
        return "\(ConfigValue.spelt((seconds * 100).rounded() / 100)) s"
    }
}
