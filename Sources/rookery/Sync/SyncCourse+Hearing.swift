// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What the other relay says.
extension SyncCourse {
    mutating func hear(_ messages: [RelayMessage], _ effects: inout [Effect]) {
        var fresh: [ParsedEvent] = []
        for message in messages {
            switch message {
            case .event(let name, let event): if takes(event.event, under: name) { fresh.append(event) }
            case .endOfStoredEvents(let name, _): ended(name, &effects)
            case .closed(let name, let reason): closed(name, reason, &effects)
            case .ok(let id, let accepted, let reason):
                answered(String(decoding: id.bytes, as: UTF8.self), accepted, reason, &effects)
            case .negentropyMessage(_, let text): reconcile(text, &effects)
            case .negentropyError(_, let reason, _): refused(reason, &effects)
            case .authChallenge(let challenge): challenged(challenge, &effects)
            case .notice(let text): noticed(text, &effects)
            case .count, .unknown: continue
            }
        }
        guard !fresh.isEmpty else { return }
        let bytes = fresh.reduce(0) { $0 + $1.event.json.count }
        tally.received += fresh.count
        unjudgedBytes += bytes
        effects.append(.submit(fresh, bytes: bytes))
        if !isPaused, unjudgedBytes >= limits.unjudgedBytes {
            isPaused = true
            effects.append(.pauseReading)
        }
    }

    /// Relays that do not know negentropy say so to nobody in particular.
    private mutating func noticed(_ text: String, _ effects: inout [Effect]) {
        guard case .reconciling(_, false) = stage else { return }
        let words = text.lowercased()
        for word in [
            "neg", "unknown", "unsupported", "not supported", "unrecognized", "bad msg", "invalid",
            "not understood",
        ]
        where words.contains(word) {
            return takePages(text, &effects)
        }
    }

    /// It wants us to go slower, or ended something that may be begun again.
    ///
    /// - Returns: `false` when that was too often.
    mutating func takeRest() -> Bool {
        if rest != nil { return true }
        setbacks += 1
        guard setbacks <= limits.patience else { return false }
        rest = now + min(limits.pause * (1 << min(setbacks - 1, 5)), .seconds(30))
        return true
    }
}

extension RelayMessage {
    /// Whether it answers something, rather than telling us anything.
    var isAnswer: Bool {
        switch self {
        case .event, .endOfStoredEvents, .closed, .ok, .negentropyMessage, .negentropyError: true
        case .authChallenge, .notice, .count, .unknown: false
        }
    }
}

/// The first word of a reason (NIP-01).
enum SyncReason {
    static func isAuthRequired(_ reason: String) -> Bool { reason.hasPrefix("auth-required:") }
    static func isRateLimited(_ reason: String) -> Bool { reason.hasPrefix("rate-limited:") }
    static func isDuplicate(_ reason: String) -> Bool { reason.hasPrefix("duplicate:") }
}
