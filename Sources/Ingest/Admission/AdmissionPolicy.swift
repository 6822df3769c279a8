// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
import RepositoryRules

/// One condition on an event that can be checked without the store.
public enum AdmissionPolicy: Sendable, Hashable {
    /// Events of NIP-42 are neither stored nor passed on.
    case noAuthenticationEvents
    case eventBytes(Allowance)
    case eventTags(Allowance)
    /// **Characters**.
    case contentLength(Allowance)
    /// **Seconds** ahead of our clock.
    case notAhead(Int64)
    /// **Seconds** behind our clock; for clients' events only, since history is old.
    case notBehind(Int64)
    /// NIP-40; ephemeral events do not expire.
    case notExpired
    /// NIP-70: protected events come from their authenticated author, and nobody reposts them.
    case protected
    /// Leading zero **bits** of the id (NIP-13), for clients' events only.
    case work(Int)

    /// The policies that follow from what NIP-11 advertises, cheapest first.
    public static func standard(_ limits: PublishingLimits) -> [AdmissionPolicy] {
        var policies: [AdmissionPolicy] = [
            .noAuthenticationEvents,
            .eventBytes(Allowance(limits.maxEventBytes, repository: limits.repository.maxEventBytes)),
        ]
        if let ahead = limits.createdAtUpperLimit { policies.append(.notAhead(ahead)) }
        if let behind = limits.createdAtLowerLimit { policies.append(.notBehind(behind)) }
        if limits.minPowDifficulty > 0 { policies.append(.work(limits.minPowDifficulty)) }
        return policies + [
            .eventTags(Allowance(limits.maxEventTags, repository: limits.repository.maxEventTags)),
            .contentLength(
                Allowance(limits.maxContentLength, repository: limits.repository.maxContentLength)),
            .notExpired, .protected,
        ]
    }
}

extension AdmissionPolicy {
    /// Why this policy refuses an event; `nil` when it does not.
    public func refusal(of event: Event, from source: IngestSource, at now: Timestamp) -> Rejection? {
        switch self {
        case .noAuthenticationEvents:
            return event.kind == .clientAuthentication ? .authenticationEvent : nil
        case .eventBytes(let allowance):
            let limit = allowance[event.kind]
            return source.isLimited && event.json.count > limit ? .tooLarge(limit: limit) : nil
        case .eventTags(let allowance):
            let limit = allowance[event.kind]
            return source.isLimited && Self.hasMoreTags(event, than: limit) ? .tooManyTags(limit: limit) : nil
        case .contentLength(let allowance):
            let limit = allowance[event.kind]
            return source.isLimited && Self.isContent(of: event, longerThan: limit)
                ? .contentTooLong(limit: limit) : nil
        case .notAhead(let limit):
            return source.isLimited && event.createdAt > now.advanced(by: limit)
                ? .tooFarAhead(limit: limit) : nil
        case .notBehind(let limit):
            let limit = event.kind == .giftWrap ? max(limit, Self.wrapAge) : limit
            return source.isClient && event.createdAt < now.advanced(by: -limit) ? .tooOld(limit: limit) : nil
        case .notExpired:
            guard !event.kind.isEphemeral, let expiration = event.expiration else { return nil }
            return expiration <= now ? .expired : nil
        case .protected:
            return Self.refusalOfProtected(event, from: source) ?? Self.refusalOfRepost(event, from: source)
        case .work(let needed):
            return source.isClient ? Self.refusalOfWork(event, needed: needed) : nil
        }
    }

    /// **Seconds**: gift wraps are dated up to two days back (NIP-59), and are on their way for a while.
    private static let wrapAge: Int64 = 2 * 86_400 + 900

    private static func hasMoreTags(_ event: Event, than limit: Int) -> Bool {
        // The shortest tag and its comma take three bytes.
        guard event.layout.tagsEnd - event.layout.tagsStart > 3 * limit else { return false }
        var scanner = TagScanner(event.layout)
        let json = event.json.span
        var count = 0
        while count <= limit, scanner.next(in: json) != nil { count += 1 }
        return count > limit
    }

    private static func isContent(of event: Event, longerThan limit: Int) -> Bool {
        guard event.layout.contentEnd - event.layout.contentStart - 2 > limit else { return false }
        return event.content.unicodeScalars.count > limit
    }

    private static func refusalOfProtected(_ event: Event, from source: IngestSource) -> Rejection? {
        switch source {
        case .importer, .bridge, .operator: return nil
        case .upstream, .stream: return event.isProtected ? .protected(isAuthenticated: true) : nil
        case .client(let authenticated, _, _):
            guard event.isProtected, !authenticated.contains(event.pubkey) else { return nil }
            return .protected(isAuthenticated: !authenticated.isEmpty)
        }
    }

    /// What a repost holds (NIP-18) is what its author protected, were it only most of an event.
    private static func refusalOfRepost(_ event: Event, from source: IngestSource) -> Rejection? {
        guard source.isLimited, event.kind == .repost || event.kind == .genericRepost else { return nil }
        let content = Array(event.content.utf8)
        let isProtected =
            if let reposted = try? Event.parse(content) { reposted.event.isProtected } else {
                hasProtectingTag(content)
            }
        return isProtected ? .repostOfProtected : nil
    }

    /// Whether `["-"` stands somewhere in JSON, however it is spaced.
    private static func hasProtectingTag(_ json: [UInt8]) -> Bool {
        let tag = Array(#"["-""#.utf8)
        var found = 0
        for byte in json where ![0x20, 0x09, 0x0A, 0x0D].contains(byte) {
            found = byte == tag[found] ? found + 1 : byte == tag[0] ? 1 : 0
            if found == tag.count { return true }
        }
        return false
    }

    /// Counts the id's zero bits; a committed target below what is needed does not count (NIP-13).
    private static func refusalOfWork(_ event: Event, needed: Int) -> Rejection? {
        let words = event.id.bytes.words
        var difficulty = 0
        for word in [words.0, words.1, words.2, words.3] {
            difficulty += word.leadingZeroBitCount
            if word != 0 { break }
        }
        if difficulty >= needed, let nonce = event.tags.first(where: { $0.name == "nonce" }),
            nonce.elements.count > 2, let committed = Int(nonce.elements[2].string), committed < needed
        {
            difficulty = max(0, committed)
        }
        return difficulty < needed ? .tooLittleWork(difficulty: difficulty, needed: needed) : nil
    }
}

extension AdmissionPolicy {
    /// A bound that is wider for events of repositories.
    public struct Allowance: Hashable, Sendable {
        let general: Int
        let repository: Int

        /// - Parameter repository: for repositories' own kinds; `general` where that is more.
        public init(_ general: Int, repository: Int) {
            self.general = general
            self.repository = max(general, repository)
        }

        subscript(_ kind: Kind) -> Int { kind.isRepositoryData ? repository : general }
    }
}

extension IngestSource {
    fileprivate var isClient: Bool {
        if case .client = self { true } else { false }
    }
    /// Whether limits on size and time apply: not to those who run this relay, who may restore a backup or bridge what
    /// was posted years ago.
    fileprivate var isLimited: Bool {
        switch self {
        case .client, .upstream, .stream: true
        case .importer, .bridge, .operator: false
        }
    }
}
