// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Who may ask now, and with which credential: limits, pauses and the circuit breaker in one place.
public struct Turnstile: Sendable {
    /// **Milliseconds** between attempts with a credential that X refuses, or an account without money.
    public static let probeInterval: Int64 = 3_600_000
    /// What is answered while the circuit breaker is open.
    public static let resting = XFailure.transient("resting after repeated failures")

    /// In the order of preference.
    public private(set) var credentials: [Credential]
    private var budgets: [Key: RateBudget] = [:]
    private var pauses: [Credential: Pause] = [:]
    private var breaker = CircuitBreaker()

    private struct Key: Hashable {
        var credential: Credential
        var route: XRoute
    }

    private struct Pause {
        var reason: XFailure
        var until: Int64
    }

    public init(_ credentials: [Credential]) { self.credentials = credentials }

    /// The credential to ask with; its limit has been charged.
    ///
    /// - Parameter isPatient: it is asked again by rules of its own, whether X answers or not.
    /// - Throws: ``XFailure``: the one that ends first.
    public mutating func admit(
        _ route: XRoute, isPatient: Bool = false, at now: Int64
    ) throws(XFailure) -> Credential {
        var refusals: [XFailure] = []
        for credential in credentials {
            guard let seed = route.seedLimit(for: credential.kind) else { continue }
            if let pause = pauses[credential], now < pause.until {
                refusals.append(pause.reason)
                continue
            }
            let key = Key(credential: credential, route: route)
            var budget = budgets[key] ?? RateBudget(limit: seed, at: now)
            defer { budgets[key] = budget }
            if let until = budget.blocked(at: now) {
                refusals.append(.limited(until: until))
                continue
            }
            guard isPatient || breaker.admits(at: now) else { throw Self.resting }
            // One question finds out whether a pause is over; the others wait for its answer.
            pauses[credential]?.until = now + Self.probeInterval
            budget.take()
            return credential
        }
        throw Self.soonest(refusals) ?? .forbidden("no credential may use \(route.rawValue)")
    }

    /// A request ended.
    ///
    /// - Parameter failure: `nil` for an answer.
    public mutating func ended(
        _ route: XRoute, with credential: Credential, headers: XHeaders?, failure: XFailure?, at now: Int64
    ) {
        let key = Key(credential: credential, route: route)
        budgets[key]?.ended(headers, at: now)
        if case .transient? = failure { return }
        breaker.answered()
        switch failure {
        case .limited(let until): budgets[key]?.exhausted(until: until, at: now)
        case .usageCapped(let until): pause(credential, failure, until: until ?? now + Self.probeInterval)
        case .outOfCredits:
            // The money is the account's, not the credential's.
            for other in credentials { pause(other, failure, until: now + Self.probeInterval) }
        case .unauthorized: pause(credential, failure, until: now + Self.probeInterval)
        case nil, .staleSince, .absent, .invalid: pauses[credential] = nil
        case .forbidden, .transient, .overBudget: break
        }
    }

    /// A question failed after all its attempts, by nobody's decision.
    public mutating func gaveUp(at now: Int64) { breaker.failed(at: now) }

    /// The operator says that a credential is good again.
    public mutating func resume(_ credential: Credential) { pauses[credential] = nil }

    /// Requests left for a credential on a route; `nil` before the first.
    public func remaining(_ route: XRoute, with credential: Credential) -> Int? {
        budgets[Key(credential: credential, route: route)]?.remaining
    }

    public var isResting: Bool { breaker.isOpen }

    private mutating func pause(_ credential: Credential, _ reason: XFailure?, until: Int64) {
        guard let reason else { return }
        pauses[credential] = Pause(reason: reason, until: until)
    }

    private static func soonest(_ refusals: [XFailure]) -> XFailure? {
        func moment(_ failure: XFailure) -> Int64 {
            switch failure {
            case .limited(let until?), .usageCapped(let until?): until
            default: .max
            }
        }
        return refusals.min { moment($0) < moment($1) }
    }
}
