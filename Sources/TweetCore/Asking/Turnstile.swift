// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Who may ask now, and with which credential: limits, pauses and the circuit breaker in one place.
public struct Turnstile: Sendable {
    /// **Milliseconds** between attempts with a credential that X refuses, or an account without money.
    public static let probeInterval: Int64 = 3_600_000
    /// What is answered while the circuit breaker is open.
    public static let resting = XFailure.transient("resting after repeated failures")

    /// In the order of preference.
    public private(set) var askers: [Asker]
    private var budgets: [Key: RateBudget] = [:]
    private var pauses: [Asker: Pause] = [:]
    private var breaker = CircuitBreaker()

    private struct Key: Hashable {
        var asker: Asker
        var route: XRoute
    }

    private struct Pause {
        var reason: XFailure
        var until: Int64

        /// Whether it has to do with a route.
        func concerns(_ route: XRoute) -> Bool {
            switch reason {
            case .usageCapped, .outOfCredits: !route.isFree
            default: true
            }
        }
    }

    public init(_ askers: [Asker]) { self.askers = askers }

    /// The credential to ask with; its limit has been charged.
    ///
    /// - Parameters:
    ///   - isPatient: it is asked again by rules of its own, whether X answers or not.
    ///   - leaving: requests that are left to what is more important.
    /// - Throws: ``XFailure``: the one that ends first.
    public mutating func admit(
        _ route: XRoute, isPatient: Bool = false, leaving: Int = 0, at now: Int64
    ) throws(XFailure) -> Asker {
        var refusals: [XFailure] = []
        for asker in askers {
            guard let seed = route.seedLimit(for: asker.kind) else { continue }
            if let pause = pauses[asker], pause.concerns(route), now < pause.until {
                refusals.append(pause.reason)
                continue
            }
            let key = Key(asker: asker, route: route)
            var budget = budgets[key] ?? RateBudget(limit: seed, at: now)
            defer { budgets[key] = budget }
            if let until = budget.blocked(at: now, leaving: leaving) {
                refusals.append(.limited(until: until))
                continue
            }
            guard isPatient || breaker.admits(at: now) else { throw Self.resting }
            // One question finds out whether a pause is over; the others wait for its answer.
            if pauses[asker]?.concerns(route) == true {
                pauses[asker]?.until = now + Self.probeInterval
            }
            budget.take()
            return asker
        }
        throw Self.soonest(refusals) ?? .forbidden("no credential may use \(route.rawValue)")
    }

    /// A request ended.
    ///
    /// - Parameter failure: `nil` for an answer.
    public mutating func ended(
        _ route: XRoute, with asker: Asker, headers: XHeaders?, failure: XFailure?, at now: Int64
    ) {
        let key = Key(asker: asker, route: route)
        budgets[key]?.ended(headers, at: now)
        if case .transient? = failure { return }
        breaker.answered()
        switch failure {
        case .limited(let until): budgets[key]?.exhausted(until: until, at: now)
        case .usageCapped(let until): pause(asker, failure, until: until ?? now + Self.probeInterval)
        case .outOfCredits:
            // The money is the account's, not the credential's.
            for other in askers { pause(other, failure, until: now + Self.probeInterval) }
        case .unauthorized: pause(asker, failure, until: now + Self.probeInterval)
        case nil, .staleSince, .absent, .invalid:
            if pauses[asker]?.concerns(route) == true { pauses[asker] = nil }
        case .forbidden, .transient, .overBudget: break
        }
    }

    /// A question failed after all its attempts, by nobody's decision.
    public mutating func gaveUp(at now: Int64) { breaker.failed(at: now) }

    /// The operator says that a credential is good again.
    public mutating func resume(_ asker: Asker) { pauses[asker] = nil }

    /// Requests left for a credential on a route; `nil` before the first.
    public func remaining(_ route: XRoute, with asker: Asker) -> Int? {
        budgets[Key(asker: asker, route: route)]?.remaining
    }

    public var isResting: Bool { breaker.isOpen }

    private mutating func pause(_ asker: Asker, _ reason: XFailure?, until: Int64) {
        guard let reason else { return }
        pauses[asker] = Pause(reason: reason, until: until)
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
