// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How long a test waits for what must come. None that passes waits so long, unless the machine has much else to do, or a sanitizer
/// looks at every step.
public let patience = Duration.seconds(120)

/// Something that was waited for did not come in time.
public struct TimedOut: Error, CustomStringConvertible {
    /// What was waited for.
    public let what: String
    /// How long.
    public let limit: Duration

    /// Says that `what` did not come within `limit`.
    public init(_ what: String, after limit: Duration) {
        self.what = what
        self.limit = limit
    }

    /// One sentence.
    public var description: String { "\(what) did not come within \(limit)" }
}

/// Runs `body`, and gives up on it after `limit`.
///
/// - Throws: ``TimedOut``, or what `body` throws.
public func withTimeout<Result: Sendable>(
    _ limit: Duration, _ what: String = "the end", _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw TimedOut(what, after: limit)
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw TimedOut(what, after: limit) }
        return first
    }
}

/// Asks again and again until `condition` gives a value, ever less often.
///
/// - Throws: ``TimedOut`` when there was none within `limit`, or what `condition` throws.
public func eventually<Result>(
    _ what: String, within limit: Duration = patience,
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Result?
) async throws -> Result {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var pause = Duration.milliseconds(1)
    while true {
        if let result = try await condition() { return result }
        if clock.now >= deadline { throw TimedOut(what, after: limit) }
        try await Task.sleep(for: min(pause, deadline - clock.now))
        pause = min(pause * 3 / 2, .milliseconds(100))
    }
}

/// Asks again and again until `condition` holds, ever less often.
///
/// - Throws: ``TimedOut`` when it did not within `limit`, or what `condition` throws.
public func eventually(
    _ what: String, within limit: Duration = patience,
    isolation: isolated (any Actor)? = #isolation, holds condition: () async throws -> Bool
) async throws {
    try await eventually(what, within: limit) { try await condition() ? () : nil }
}
