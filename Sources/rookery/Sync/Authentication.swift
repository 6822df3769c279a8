// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How far we have come in telling another relay who we are (NIP-42): once in a conversation, when something needs it.
enum Authentication: Hashable, Sendable {
    /// → `challenged`, `wanted`
    case idle
    /// → `signing`
    case challenged(String)
    /// It wants to know, and has not said what to sign. → `signing`
    case wanted
    /// → `sent`
    case signing
    /// → `done`, `refused`
    case sent(EventID)
    case done
    case refused

    /// What is to be done when something needs a key.
    enum Need: Hashable, Sendable {
        case sign(String)
        case wait
        /// It has seen our key, and that does not help.
        case futile
    }

    var isUnderWay: Bool {
        switch self {
        case .wanted, .signing, .sent: true
        case .idle, .challenged, .done, .refused: false
        }
    }

    /// Whether it may help to show a key.
    var mayHelp: Bool {
        switch self {
        case .done, .refused: false
        case .idle, .challenged, .wanted, .signing, .sent: true
        }
    }

    /// Something needs a key.
    mutating func need() -> Need {
        switch self {
        case .idle:
            self = .wanted
            return .wait
        case .challenged(let challenge):
            self = .signing
            return .sign(challenge)
        case .wanted, .signing, .sent: return .wait
        case .done, .refused: return .futile
        }
    }

    /// It says what to sign.
    ///
    /// - Returns: whether that is to be signed now.
    mutating func take(_ challenge: String) -> Bool {
        switch self {
        case .idle, .challenged: self = .challenged(challenge)
        case .wanted:
            self = .signing
            return true
        case .signing, .sent, .done, .refused: break
        }
        return false
    }

    /// - Returns: whether the proof is to be sent.
    mutating func signed(_ proof: Event) -> Bool {
        guard case .signing = self else { return false }
        self = .sent(proof.id)
        return true
    }
}
