// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How many requests one credential may still make on one route (X API v2, rate limits).
///
/// A request is counted before it is made. What an answer's headers say is the truth, less what is under way.
public struct RateBudget: Hashable, Sendable, Codable {
    /// **Milliseconds** waited beyond X's moment.
    public static let margin: Int64 = 5_000
    /// **Milliseconds** of X's window.
    public static let window: Int64 = 900_000
    /// **Milliseconds** of a limit that says nothing of its end.
    public static let unknown: Int64 = 60_000
    /// **Milliseconds**: no window of X's is longer, whatever a header says.
    public static let longest: Int64 = 90_000_000

    private var short: XHeaders.Window
    private var day: XHeaders.Window?
    private var isSeed = true
    private var underWay = 0

    /// - Parameter limit: what is assumed until an answer says.
    public init(limit: Int, at now: Int64) {
        short = XHeaders.Window(limit: limit, remaining: limit, reset: now + Self.window)
    }

    /// When the next request may be made, in **milliseconds** since 1970; `nil`: now.
    ///
    /// - Parameter leaving: requests that are left to what is more important, of a limit that is twice as much.
    public mutating func blocked(at now: Int64, leaving: Int = 0) -> Int64? {
        renew(at: now)
        if let day, day.remaining <= min(leaving, day.limit / 2) { return day.reset + Self.margin }
        return short.remaining <= min(leaving, short.limit / 2) ? short.reset + Self.margin : nil
    }

    /// Requests left in this window.
    public var remaining: Int { max(0, min(short.remaining, day?.remaining ?? .max)) }

    /// Counts a request that is about to be made.
    public mutating func take() {
        short.remaining -= 1
        day?.remaining -= 1
        underWay += 1
    }

    /// A request ended, with these headers if it was answered.
    public mutating func ended(_ headers: XHeaders?, at now: Int64) {
        underWay = max(0, underWay - 1)
        if var window = headers?.window {
            window.reset = min(window.reset, now + Self.longest)
            window.remaining -= underWay
            // Of two answers in one window the later may come first.
            if !isSeed, window.reset == short.reset {
                window.remaining = min(window.remaining, short.remaining)
            }
            short = window
            isSeed = false
        }
        if var newDay = headers?.day {
            newDay.remaining -= underWay
            newDay.reset = min(newDay.reset, now + Self.longest)
            day = newDay
        }
    }

    /// X said that there were too many, whatever the count was.
    public mutating func exhausted(until moment: Int64?, at now: Int64) {
        short.remaining = 0
        short.reset = (moment ?? now + Self.unknown) - Self.margin
        isSeed = false
    }

    private mutating func renew(at now: Int64) {
        if let end = day?.reset, now >= end + Self.margin { day = nil }
        guard now >= short.reset + (isSeed ? 0 : Self.margin) else { return }
        short.remaining = short.limit
        short.reset = now + Self.window
        isSeed = true
    }
}
