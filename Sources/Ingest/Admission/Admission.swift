// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// What may be stored: policies that look at one event alone, in order, then rules that look at the store.
public struct Admission: Sendable {
    /// Asked in order; the first refusal counts.
    public var policies: [AdmissionPolicy]
    public var rules: AdmissionRules

    public init(rules: AdmissionRules = .open, limits: PublishingLimits = PublishingLimits()) {
        self.rules = rules
        policies = AdmissionPolicy.standard(limits)
    }

    /// Why an event is refused whatever the store holds; `nil` when nothing speaks against it.
    public func refusal(of event: Event, from source: IngestSource, at now: Timestamp) -> Rejection? {
        for policy in policies {
            if let rejection = policy.refusal(of: event, from: source, at: now) { return rejection }
        }
        return nil
    }
}

/// How the stored events bear on what may join them.
public enum AdmissionRules: Sendable, Hashable {
    /// Any valid event.
    case open
    case grasp(GraspAdmission)
}
