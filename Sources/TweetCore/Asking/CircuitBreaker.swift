// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Stops asking for a while when nothing but failures comes back.
///
/// Moments and spans in **milliseconds**.
public struct CircuitBreaker: Hashable, Sendable {
    /// Questions in a row that fail, each after its retries, before it opens.
    public var failuresMax = 5
    /// The first rest; it doubles each time the one question after it fails.
    public var restFirst: Int64 = 30_000
    public var restMost: Int64 = 1_800_000

    /// How long the one question may take.
    static let probeMost: Int64 = 60_000

    private var failures = 0
    private var rests = 0
    private var state = State.closed

    private enum State: Hashable {
        /// Can go to: open.
        case closed
        /// Nothing is asked. Can go to: probing.
        case open(until: Int64)
        /// One question is under way; another is let through should it never end. Can go to: closed, open.
        case probing(until: Int64)
    }

    public init() {}

    /// Whether a question may be asked; after a rest, one alone.
    public mutating func admits(at now: Int64) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until), .probing(let until):
            guard now >= until else { return false }
            state = .probing(until: now + Self.probeMost)
            return true
        }
    }

    /// Something was answered, be it a refusal: X is there.
    public mutating func answered() {
        failures = 0
        rests = 0
        state = .closed
    }

    /// A question failed for good with a failure that is nobody's decision.
    public mutating func failed(at now: Int64) {
        failures += 1
        switch state {
        case .open: return
        case .closed: guard failures >= failuresMax else { return }
        case .probing: break
        }
        var rest = restFirst
        for _ in 0..<rests where rest < restMost { rest *= 2 }
        rests += 1
        state = .open(until: now + min(rest, restMost))
    }

    public var isOpen: Bool { state != .closed }
}
