// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import RelayTransport

/// What the server asks of the rest of the program. Called on event loops, so none may block, but for ``metrics``.
public struct RelayServerHooks: Sendable {
    /// The body of `/metrics`; `nil` when metrics are not offered. Called on a thread of no event loop.
    public var metrics: (@Sendable () -> String)?
    /// Whether the relay works, beyond what the server itself sees: the answer to `/healthz`.
    public var health: @Sendable () -> HealthReport = { .healthy }
    /// Whether synchronisation works: the answer to `/healthz/sync`; `nil` when it is off.
    public var syncHealth: (@Sendable () -> HealthReport)?
    /// Whether the bridge works: the answer to `/healthz/bridge`; `nil` when there is none.
    public var bridgeHealth: (@Sendable () -> HealthReport)?

    /// Who else answers on the main port, the first that knows a path; the relay's own paths stay its own.
    public var routes: [HTTPRoute] = []

    public init() {}
}

/// A short statement about something's health.
public struct HealthReport: Hashable, Sendable {
    public var isHealthy: Bool
    /// One lower-case word, such as `ok`, `starting` or `failed`.
    public var status: String
    /// Further facts, in order; values are JSON strings.
    public var facts: [Fact]

    /// A named fact.
    public struct Fact: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public init(isHealthy: Bool, status: String, facts: [Fact] = []) {
        self.isHealthy = isHealthy
        self.status = status
        self.facts = facts
    }

    public static let healthy = HealthReport(isHealthy: true, status: "ok")
}
