// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What a GRASP service stores (GRASP-01, without git data).
///
/// | kind | stored when |
/// |---|---|
/// | 30617 | the operator does not bar it, and: it lists this service (and is on the whitelist, where there is one), the archive names it, its author may act for an accepted announcement of the same `d`, or it is the next version of one that is stored |
/// | 30618 | its author may act for an accepted announcement of the same `d` |
/// | 5, 62, 10002, 10050, 10317 | always, up to ``RepositoryLimits/fromAnyoneBytes`` |
/// | 0, 3 | a stored event names it |
/// | any other | it names a stored event, or a stored event names it |
///
/// A new version of a stored announcement is taken even when it no longer lists this service: following
/// then stops, and nobody is served a page that its owner has replaced.
public struct GraspAdmission: Sendable, Hashable {
    public let interest: RepositoryInterest

    public init(interest: RepositoryInterest) { self.interest = interest }

    public init(service: ServiceAuthority?, archive: [ArchivePattern] = []) {
        self.init(interest: RepositoryInterest(service: service, archive: archive))
    }

    /// Decides about an event whose id and signature are true.
    public func judge<Accepted: AcceptedEvents>(
        _ event: Event, in accepted: Accepted
    ) throws(Accepted.Failure) -> AdmissionDecision {
        switch event.kind {
        case .repositoryAnnouncement:
            return try announcement(event, in: accepted)
        case .repositoryState:
            let identifier = event.identifier
            if let refusal = Self.refusal(of: identifier) { return refusal }
            return try accepted.group(of: identifier).authorised.contains(event.pubkey) ? .accept : .hold
        case .metadata, .contacts:
            return try isNamed(event, in: accepted) ? .accept : .hold
        case let kind where !kind.isAnchor && event.json.count <= RepositoryLimits.fromAnyoneBytes:
            return .accept
        default:
            if try namesAnchor(event, in: accepted) { return .accept }
            return try isNamed(event, in: accepted) ? .accept : .hold
        }
    }

    private func announcement<Accepted: AcceptedEvents>(
        _ event: Event, in accepted: Accepted
    ) throws(Accepted.Failure) -> AdmissionDecision {
        guard let announcement = RepositoryAnnouncement(event, for: interest.service) else {
            return Self.refusal(of: event.identifier) ?? .hold
        }
        if interest.curation.bars(announcement.address) { return .refuse(RepositoryCuration.refusal) }
        if interest.includes(announcement) { return .accept }
        let group = try accepted.group(of: announcement.identifier)
        if group.authorised.contains(event.pubkey) { return .accept }
        return group.announcements[event.pubkey] == nil ? .hold : .accept
    }

    /// What speaks against a repository's identifier.
    private static func refusal(of identifier: TagValue) -> AdmissionDecision? {
        if identifier.isEmpty { return .refuse("invalid: a repository needs a d tag") }
        let limit = RepositoryLimits.identifierBytes
        return identifier.bytes.count > limit
            ? .refuse("invalid: a repository's d tag has at most \(limit) bytes") : nil
    }

    private func namesAnchor<Accepted: AcceptedEvents>(
        _ event: Event, in accepted: Accepted
    ) throws(Accepted.Failure) -> Bool {
        let references = EventReferences(event)
        for address in references.addresses where address.kind.isAnchor && !interest.curation.bars(address) {
            if try accepted.containsAnchor(address) { return true }
        }
        for id in references.ids {
            if try accepted.containsAnchor(id) { return true }
        }
        return false
    }

    private func isNamed<Accepted: AcceptedEvents>(
        _ event: Event, in accepted: Accepted
    ) throws(Accepted.Failure) -> Bool {
        if try accepted.isReferenced(event.id) { return true }
        guard let address = event.address else { return false }
        return try accepted.isReferenced(address)
    }
}
