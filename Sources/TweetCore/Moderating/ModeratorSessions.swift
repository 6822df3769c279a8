// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Who is signed in to the moderation page. Kept in memory: after a restart everybody signs in anew.
///
/// A session is found by the hash of its secret, so that neither a search's time nor a copy of the table gives one away.
public struct ModeratorSessions: Sendable {
    private let limits: SessionBounds
    private var sessions: [Bytes32: ModeratorSession] = [:]

    public init(_ limits: SessionBounds = SessionBounds()) { self.limits = limits }

    public var count: Int { sessions.count }

    /// Begins a session; where there is no room, the one that was used the longest ago ends: the moderator's own first.
    ///
    /// - Parameters:
    ///   - secret: 32 bytes of chance.
    ///   - now: **milliseconds** since 1970, as everywhere here.
    /// - Returns: what the browser shows from now on.
    public mutating func begin(
        for moderator: String, by proof: SignInProof, secret: Bytes32, at now: Int64
    ) -> String {
        sessions = sessions.filter { isGood($0.value, at: now) }
        let own = sessions.filter { $0.value.moderator == moderator }
        if own.count >= limits.perModerator { endOldest(of: own) }
        if sessions.count >= limits.sessions { endOldest(of: sessions) }
        let text = Hex.string(secret.bytes)
        sessions[Self.hash(text)] = ModeratorSession(
            moderator: moderator, proof: proof, formToken: Self.formToken(of: text), begunAt: now,
            usedAt: now)
        return text
    }

    /// The session that a browser shows; `nil` when there is none, or it is over.
    public mutating func use(_ secret: String, at now: Int64) -> ModeratorSession? {
        let hash = Self.hash(secret)
        guard var session = sessions[hash] else { return nil }
        guard isGood(session, at: now) else {
            sessions[hash] = nil
            return nil
        }
        session.usedAt = now
        sessions[hash] = session
        return session
    }

    public mutating func end(_ secret: String) { sessions[Self.hash(secret)] = nil }

    /// Keeps one sentence for the next page.
    public mutating func tell(_ notice: String, to secret: String) {
        sessions[Self.hash(secret)]?.notice = notice
    }

    /// The sentence for this page, once.
    public mutating func takeNotice(of secret: String) -> String? {
        let hash = Self.hash(secret)
        defer { sessions[hash]?.notice = nil }
        return sessions[hash]?.notice
    }

    private func isGood(_ session: ModeratorSession, at now: Int64) -> Bool {
        now - session.begunAt < limits.lifetime && now - session.usedAt < limits.idleTime
    }

    private mutating func endOldest(of some: [Bytes32: ModeratorSession]) {
        if let oldest = some.min(by: { $0.value.usedAt < $1.value.usedAt }) { sessions[oldest.key] = nil }
    }

    private static func hash(_ secret: String) -> Bytes32 { SHA256.digest(Array(secret.utf8)) }
    private static func formToken(of secret: String) -> String { Hex.string(hash("form:" + secret).bytes) }
}

/// One browser of a moderator.
public struct ModeratorSession: Hashable, Sendable {
    public let moderator: String
    public let proof: SignInProof
    /// What each of its forms carries, and no other page knows.
    public let formToken: String
    let begunAt: Int64
    var usedAt: Int64
    var notice: String?

    /// Whether a form is one of this session's.
    public func accepts(formToken token: String) -> Bool { isSameSecret(token, formToken) }
}

/// Every bound of sessions.
public struct SessionBounds: Hashable, Sendable {
    public var sessions = 256
    public var perModerator = 8
    /// **Milliseconds**.
    public var lifetime: Int64 = 12 * 3_600_000
    /// **Milliseconds** without a request.
    public var idleTime: Int64 = 2 * 3_600_000

    public init() {}
}
