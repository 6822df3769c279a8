// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RepositoryRules

// The only place where the texts of OK messages are made (NIP-01).

extension Verdict {
    /// The last two elements of the `OK` message.
    public var ok: (accepted: Bool, message: String) {
        switch self {
        case .stored, .ephemeral, .shadowed: (true, "")
        case .duplicate: (true, "duplicate: have this event")
        case .superseded: (false, "duplicate: a newer version is stored")
        case .held: (false, Self.unrelated)
        case .heldForLength:
            (false, "\(Self.unrelated), and it is longer than \(RepositoryLimits.fromAnyoneBytes) bytes")
        case .rejected(let rejection): (false, rejection.message)
        case .failed(let reason): (false, "error: \(reason)")
        }
    }

    fileprivate static let unrelated = "blocked: refers to nothing accepted here"
}

extension Rejection {
    /// A machine-readable word, a colon, and a sentence for people.
    public var message: String {
        switch self {
        case .wrongID: "invalid: the id is not the hash of the event"
        case .badSignature: "invalid: bad signature"
        case .expired: "invalid: the event has expired"
        case .deleted: "blocked: this event was deleted"
        case .vanished: "blocked: its author asked to vanish"
        case .tooFarAhead(let limit): "invalid: created_at is more than \(limit) seconds in the future"
        case .tooOld(let limit): "invalid: created_at is more than \(limit) seconds in the past"
        case .authenticationEvent: "invalid: authentication events are not published"
        case .tooLarge(let limit): "invalid: the event is longer than \(limit) bytes"
        case .tooManyTags(let limit): "invalid: more than \(limit) tags"
        case .contentTooLong(let limit): "invalid: content is longer than \(limit) characters"
        case .tooLittleWork(let difficulty, let needed):
            "pow: difficulty \(difficulty) is less than \(needed)"
        case .protected(isAuthenticated: false): "auth-required: only its author may publish this event"
        case .protected(isAuthenticated: true): "restricted: only its author may publish this event"
        case .repostOfProtected: "blocked: reposts a protected event"
        case .unrelated: Verdict.unrelated
        case .unindexable(let reason): "invalid: \(reason)"
        case .moderated(let list): list.message
        case .rule(let text): text
        }
    }
}
