// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// What may be stored: policies that look at one event alone, in order, then rules that look at the store.
public struct Admission: Sendable {
    /// Asked in order; the first refusal counts.
    public var policies: [AdmissionPolicy]
    public var rules: AdmissionRules { didSet { curate() } }
    /// Asked before the policies.
    public var lists: ModerationLists { didSet { curate() } }
    /// Which requests to vanish (NIP-62) are obeyed.
    public var vanishing = VanishPolicy() { didSet { edition += 1 } }
    /// What is stored beside what the rules want.
    public var welcomed = WelcomedEvents() { didSet { edition += 1 } }
    /// The rules, with the lists' repositories.
    private(set) var curatedRules: AdmissionRules
    /// Grows with every change of the rules or the lists.
    private(set) var edition = 0
    /// How often everything that is banned was to go.
    private(set) var clearings = 0

    public init(
        rules: AdmissionRules = .open, limits: PublishingLimits = PublishingLimits(),
        lists: ModerationLists = ModerationLists()
    ) {
        self.rules = rules
        self.lists = lists
        curatedRules = rules
        policies = AdmissionPolicy.standard(limits)
        curate()
    }

    /// Lets everything go that is banned.
    mutating func clear() {
        clearings += 1
        edition += 1
    }

    private mutating func curate() {
        edition += 1
        curatedRules = rules
        guard case .grasp(let grasp) = rules else { return }
        var interest = grasp.interest
        interest.curation = lists.curation
        curatedRules = .grasp(GraspAdmission(interest: interest))
    }

    /// Why an event is refused whatever the store holds; `nil` when nothing speaks against it.
    public func refusal(of event: Event, from source: IngestSource, at now: Timestamp) -> Rejection? {
        if let rejection = lists.refusal(of: event, from: source) { return rejection }
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
