// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

// Whoever is mirrored may have a key of their own: a post of theirs that names it proves that.
extension Bridge {
    /// What an operator knows of a claim; what is left out is looked for in stored events (NIP-39).
    public struct ClaimWish: Hashable, Sendable {
        public var handle: Handle
        public var key: PublicKey?
        public var proof: PostID?
        public var outcome: ClaimOutcome

        public init(_ handle: Handle, key: PublicKey?, proof: PostID?, _ outcome: ClaimOutcome) {
            (self.handle, self.key, self.proof, self.outcome) = (handle, key, proof, outcome)
        }
    }

    /// Looks at X whether an account has named a key, and keeps that: from then on mentions of it mean that key, and its
    /// mirror says where its owner writes.
    ///
    /// - Returns: what is kept, and where the mirror's key was written to, if it was handed over.
    public func claim(
        _ wish: ClaimWish
    ) async throws(BridgeFault) -> (row: ClaimRow, user: User, keyFile: String?) {
        let user = try await holder(of: wish.handle)
        do {
            let candidates = try claims(for: wish, of: user)
            guard !candidates.isEmpty else {
                throw BridgeStoreError.missing(
                    "event that claims @\(user.handle): name its key and its proof")
            }
            let page = try await look(at: candidates)
            var verdict = IdentityClaim.Verdict.noPost
            for candidate in candidates {
                let post = page.posts.first { $0.id == candidate.proof }?.snapshot.post
                verdict = candidate.verdict(on: post, by: user.id)
                guard verdict == .proved else { continue }
                let row = ClaimRow(candidate, of: user.id, wish.outcome, at: clock.now())
                return try await settle(row, user)
            }
            throw BridgeStoreError.refused("@\(user.handle) has not proved it: \(verdict.text)")
        } catch let fault as BridgeFault {
            throw fault
        } catch let error as BridgeStoreError {
            throw .unkept(error)
        } catch { throw .unkept(.failed("\(error)")) }
    }

    private func holder(of handle: Handle) async throws(BridgeFault) -> User {
        let page: PostPage
        do { page = try await fetcher.source.ask(.handles([handle]), for: .references) } catch {
            throw .unanswered(error)
        }
        guard let user = page.users.first(where: { Handle($0.handle) == handle }) else {
            throw .unkept(.missing("account @\(handle.text) on X"))
        }
        do { _ = try await store.store(users: [user]) } catch { throw .unkept(error) }
        return user
    }

    private func claims(for wish: ClaimWish, of user: User) throws(BridgeStoreError) -> [IdentityClaim] {
        if let key = wish.key, let proof = wish.proof {
            return [IdentityClaim(key: key, handle: wish.handle, proof: proof)]
        }
        return try store.claims(about: wish.handle, limit: PlannerLimits.namesPerQuestion).filter {
            (wish.key ?? $0.key) == $0.key && (wish.proof ?? $0.proof) == $0.proof
        }
    }

    private func look(at candidates: [IdentityClaim]) async throws(BridgeFault) -> PostPage {
        let proofs = Set(candidates.map(\.proof)).sorted()
        do { return try await fetcher.source.ask(.posts(proofs), for: .references) } catch {
            throw .unanswered(error)
        }
    }

    /// The mirror says it first, while it still may; then it ends, if it is to.
    private func settle(
        _ row: ClaimRow, _ user: User
    ) async throws(BridgeStoreError) -> (row: ClaimRow, user: User, keyFile: String?) {
        if row.outcome == .handOver { try checkHandOver() }
        var standing = row
        standing.outcome = .mirror
        try await store.keep(standing, of: user)
        try await profiles.publish(user)
        guard row.outcome != .mirror else { return (row, user, nil) }
        var file: String?
        if row.outcome == .handOver {
            file = try KeyHandOver(directory: configuration.handOverDirectory).write(
                try await keys.keyToHandOver(of: user.id), of: user.id)
        }
        try await store.keep(row, of: user)
        return (row, user, file)
    }

    /// A key may only be given away when it tells nothing of others.
    private func checkHandOver() throws(BridgeStoreError) {
        guard keys.scheme.isSeparable else {
            throw .refused(
                "with key_scheme = \"\(keys.scheme.rawValue)\" no key can be handed over: it would be another's, too, or tell theirs"
            )
        }
        guard !configuration.handOverDirectory.isEmpty else {
            throw .refused("there is no place for the key")
        }
    }
}

extension KeyScheme {
    /// Whether each account has a key of its own that tells nothing of any other: hardened down to the last level.
    var isSeparable: Bool {
        switch self {
        case .nip06ID: true
        case .nip06Index, .nostrweet: false
        }
    }
}
