// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// What a relay asks of its clients: what it says of itself (NIP-11), and how fast it may be asked.
extension SyncPlanner {
    /// Asks what the relay says of itself, when that is not known or too old; nothing else is asked before.
    mutating func fetchInformation(_ link: LinkID) {
        let entry = relays.entries[link.relay]
        if let at = entry?.informationAt, now - at < configuration.informationLifetime { return }
        conversations[link.relay]?.informationDeadline = now + configuration.answerTimeout
        effects.append(.fetchInformation(link))
    }

    mutating func information(_ link: LinkID, _ information: UpstreamInformation?) {
        let relay = link.relay
        // One that comes late would change the limits under what is open: it is asked for again another time.
        guard conversations[relay]?.link == link, conversations[relay]?.informationDeadline != nil else {
            return
        }
        touched.insert(relay)
        conversations[relay]?.informationDeadline = nil
        relays.entries[relay]?.informationAt = now
        guard let information else { return }
        negentropyTold(information, of: relay)
        relays.entries[relay]?.information = information
        relays.entries[relay]?.informedAt = wall
        rows.put(relayRow(relay), at: now)
        relays.entries[relay]?.limits = UpstreamLimits(information)
        report(.information(relay, information))
        if information.authRequired == true { expectChallenge(relay) }
    }

    // MARK: How fast

    /// From when on the relay may be sent a `REQ`; `nil`: now.
    func mayAskAt(_ relay: RelayURL) -> Uptime? {
        guard let entry = relays.entries[relay], let conversation = conversations[relay] else { return nil }
        let moments = [
            conversation.informationDeadline, conversation.authentication.deadline, entry.quietUntil,
            conversation.nextRequestAt,
        ]
        return moments.compactMap(\.self).filter { $0 > now }.max()
    }

    func mayAsk(_ relay: RelayURL) -> Bool { conversations[relay] != nil && mayAskAt(relay) == nil }

    /// Whether a subscription may be opened now: it may be asked, and has room for one more.
    func mayOpen(_ relay: RelayURL) -> Bool {
        guard mayAsk(relay), let open = conversations[relay]?.subscriptions.count else { return false }
        return open < limits(of: relay).maxSubscriptions
    }

    /// The relay said `rate-limited:`. It is asked nothing for a while, and less often afterwards.
    mutating func slowDown(_ relay: RelayURL) {
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        let pause = configuration.rateLimitPause
        let isNews = entry.quietUntil.map { $0 <= now } ?? true
        if isNews { entry.requestGap = min(pause / 8, max(firstRequestGap, entry.requestGap * 2)) }
        entry.quietUntil = now + pause
        entry.lastFailure = "rate-limited"
        relays.entries[relay] = entry
        guard isNews else { return }
        rows.put(relayRow(relay), at: now)
        report(.rateLimited(relay, pause: pause))
        updateHealth(relay)
    }

    var firstRequestGap: Duration { configuration.rateLimitPause / 256 }

    /// A batch went well: the relay can be asked a little faster.
    mutating func speedUp(_ relay: RelayURL) {
        guard let gap = relays.entries[relay]?.requestGap, gap > .zero else { return }
        relays.entries[relay]?.requestGap = gap > configuration.rateLimitPause / 1024 ? gap / 2 : .zero
    }

    /// It gave something that it was asked for: what waited only because all else was refused waits no longer.
    mutating func gave(_ relay: RelayURL) {
        guard conversations[relay]?.hasGiven == false else { return }
        conversations[relay]?.hasGiven = true
        guard var entry = relays.entries.removeValue(forKey: relay) else { return }
        if let refusal = entry.refusal {
            for item in entry.setbacks.items where entry.setbacks[item] == refusal {
                entry.setbacks[item] = nil
            }
        }
        let wasRefused = entry.refusal != nil
        entry.refusal = nil
        relays.entries[relay] = entry
        if wasRefused { refreshQueue(relay) }
    }

    /// The relay did not like a `REQ` of so many filters: half as many may do.
    mutating func useFewerFilters(_ relay: RelayURL, than count: Int) {
        guard count > 1 else { return }
        conversations[relay]?.filtersMax = count / 2
    }

    /// **Bytes**: a relay that takes no message of so many has other reasons.
    private static let shortestLimit = 1024

    /// The relay closed because a message was too long: half of the longest that it has not answered may do.
    mutating func useShorterMessages(_ relay: RelayURL) {
        let inForce = limits(of: relay).maxMessageLength
        let unanswered = conversations[relay]?.subscriptions.values.filter { !$0.isEstablished } ?? []
        let longest = unanswered.map { $0.filters.reduce(Filter.requestLength) { $0 + $1.writtenLength } }
        let most = max(Self.shortestLimit, min(longest.max() ?? inForce, inForce) / 2)
        relays.entries[relay]?.messageLengthMax = min(inForce, most)
    }

    /// What the relay lets us ask: what it says, and what was learnt in this run or over this link.
    func limits(of relay: RelayURL) -> UpstreamLimits {
        let entry = relays.entries[relay]
        var limits = entry?.limits ?? UpstreamLimits()
        if let most = conversations[relay]?.filtersMax { limits.maxFilters = min(limits.maxFilters, most) }
        if let most = entry?.messageLengthMax {
            limits.maxMessageLength = min(limits.maxMessageLength, most)
        }
        return limits
    }
}

/// Why a relay ended a subscription: the machine-readable prefixes of NIP-01 and NIP-42.
enum ClosedReason: Hashable, Sendable {
    case rateLimited
    case authRequired
    /// It wants somebody else, or nobody.
    case restricted
    /// Its own trouble.
    case error
    /// It does not like the question, or does not say.
    case other

    init(_ text: String) {
        self =
            switch text.utf8.prefix(while: { $0 != UInt8(ascii: ":") }) {
            case let prefix where prefix.elementsEqual("rate-limited".utf8): .rateLimited
            case let prefix where prefix.elementsEqual("auth-required".utf8): .authRequired
            case let prefix where prefix.elementsEqual("restricted".utf8): .restricted
            case let prefix where prefix.elementsEqual("blocked".utf8): .restricted
            case let prefix where prefix.elementsEqual("error".utf8): .error
            default: .other
            }
    }
}
