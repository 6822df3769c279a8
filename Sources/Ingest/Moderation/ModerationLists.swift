// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// Who and what the operator lets in or keeps out: the configuration's lists and those kept by management, together.
public struct ModerationLists: Sendable, Hashable {
    public var configured: ModerationSheet
    public var managed: ModerationSheet

    /// Where an entry comes from: what the configuration says is not undone by management.
    public enum Origin: String, Sendable, Hashable {
        case configuration, management
    }

    /// One entry of one list.
    public struct Entry<Subject: Hashable & Sendable>: Sendable, Hashable {
        public var subject: Subject
        /// Why, as it was given; often empty.
        public var reason: String
        public var origin: Origin
    }

    public init(
        configured: ModerationSheet = ModerationSheet(), managed: ModerationSheet = ModerationSheet()
    ) {
        self.configured = configured
        self.managed = managed
    }

    /// The entries of one list, each subject once.
    public func entries<Subject: Hashable & Sendable>(
        _ list: KeyPath<ModerationSheet, ModerationSheet.List<Subject>>
    ) -> [Entry<Subject>] {
        configured[keyPath: list].map { Entry(subject: $0.key, reason: $0.value, origin: .configuration) }
            + managed[keyPath: list].compactMap { subject, reason in
                configured[keyPath: list][subject] == nil
                    ? Entry(subject: subject, reason: reason, origin: .management) : nil
            }
    }

    /// The kinds of which alone events are taken; empty for all.
    public var allowedKinds: KindSet { KindSet(configured.allowedKinds.ranges + managed.allowedKinds.ranges) }
    public var bannedKinds: KindSet { KindSet(configured.bannedKinds.ranges + managed.bannedKinds.ranges) }
    public var blockedAddresses: [AddressPrefix] { entries(\.blockedAddresses).map(\.subject) }

    /// Whether some are let in and others are not (NIP-11 `restricted_writes`).
    public var restrictsWrites: Bool {
        isRestricted(\.allowedPubkeys) || !allowedKinds.isEmpty
    }

    /// Which repositories are taken and which are not.
    public var curation: RepositoryCuration {
        RepositoryCuration(
            whitelist: RepositoryPatternSet(entries(\.allowedRepositories).map(\.subject)),
            blacklist: RepositoryPatternSet(entries(\.bannedRepositories).map(\.subject)))
    }
}

extension ModerationLists {
    /// Why these lists refuse an event; `nil` when they do not.
    ///
    /// What the operator hands in passes. Bans bind everybody else; what is allowed alone binds clients and upstreams, not what the
    /// operator imports, mirrors or bridges, and not what is taken from anyone: what undoes something (NIP-09, NIP-62), and the lists that
    /// tell where somebody is to be found.
    public func refusal(of event: Event, from source: IngestSource) -> Rejection? {
        if configured.isSilent, managed.isSilent { return nil }
        if case .operator = source { return nil }
        if has(\.allowedEvents, event.id) { return nil }
        if has(\.bannedEvents, event.id) { return .moderated(.event) }
        if has(\.bannedPubkeys, event.pubkey) { return .moderated(.pubkey) }
        // Everybody may ask to vanish (NIP-62).
        let mayBeRefusedForKind = event.kind != .requestToVanish
        if mayBeRefusedForKind, isBanned(event.kind) { return .moderated(.kind) }
        if event.kind == .repositoryAnnouncement, bars(event) { return .moderated(.repository) }
        switch source {
        case .operator, .importer, .bridge, .stream: return nil
        case .client, .upstream: break
        }
        if Kind.fromAnyone.contains(event.kind), event.json.count <= RepositoryLimits.fromAnyoneBytes {
            return nil
        }
        if isRestricted(\.allowedPubkeys), !has(\.allowedPubkeys, event.pubkey) {
            return .moderated(.unlistedPubkey)
        }
        return isAllowed(event.kind) ? nil : .moderated(.unlistedKind)
    }

    var allowedEventIDs: Set<EventID> { Set(entries(\.allowedEvents).map(\.subject)) }
    func bans(_ id: EventID) -> Bool { has(\.bannedEvents, id) && !has(\.allowedEvents, id) }
    func bans(_ key: PublicKey) -> Bool { has(\.bannedPubkeys, key) }

    private func has<Subject: Hashable>(
        _ list: KeyPath<ModerationSheet, ModerationSheet.List<Subject>>, _ subject: Subject
    ) -> Bool {
        configured[keyPath: list][subject] != nil || managed[keyPath: list][subject] != nil
    }

    private func isRestricted<Subject: Hashable>(
        _ list: KeyPath<ModerationSheet, ModerationSheet.List<Subject>>
    ) -> Bool {
        !configured[keyPath: list].isEmpty || !managed[keyPath: list].isEmpty
    }

    private func isBanned(_ kind: Kind) -> Bool {
        configured.bannedKinds.contains(kind) || managed.bannedKinds.contains(kind)
    }

    private func isAllowed(_ kind: Kind) -> Bool {
        if configured.allowedKinds.isEmpty, managed.allowedKinds.isEmpty { return true }
        return configured.allowedKinds.contains(kind) || managed.allowedKinds.contains(kind)
    }

    private func bars(_ event: Event) -> Bool {
        let (key, identifier) = (event.pubkey, event.identifier)
        return [.owner(key), .identifier(identifier), .repository(key, identifier)]
            .contains { has(\.bannedRepositories, $0) }
    }
}
