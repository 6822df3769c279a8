// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// How much that makes no sense a client may still say.
///
/// Each such message counts one; usable ones and time take the count down again, so that only a stream of nonsense ever
/// reaches the bound. What is merely not offered here counts nothing.
struct Patience: Sendable {
    private var mistakes = 0.0
    private var lastMistake: Uptime?

    mutating func heardSense(_ limits: SessionLimits) {
        if mistakes > 0 { mistakes = max(0, mistakes - 1 / Double(limits.messagesPerForgottenMistake)) }
    }

    /// - Returns: whether the client may go on.
    mutating func bears(
        _ error: ClientMessageError, at now: Uptime, _ limits: SessionLimits
    ) -> Bool {
        if case .badRequest(_, .unsupported) = error { return true }
        if case .badNegentropy(_, .unsupported) = error { return true }
        return bears(1, at: now, limits)
    }

    /// A message of `size` **bytes** came too soon. Those that are sent before the first refusal is read count little,
    /// unless they are long: that had to be read, too.
    ///
    /// - Returns: whether the client may go on.
    mutating func bearsHaste(size: Int, at now: Uptime, _ limits: SessionLimits) -> Bool {
        let weight = 1 + Double(size) / Double(limits.bytesPerRefusal)
        return bears(weight / Double(limits.refusalsPerMistake), at: now, limits)
    }

    /// An event was no true one. A client that hands on what it was given may not know.
    ///
    /// - Returns: whether the client may go on.
    mutating func bearsFalseEvent(at now: Uptime, _ limits: SessionLimits) -> Bool {
        bears(1 / Double(limits.falseEventsPerMistake), at: now, limits)
    }

    private mutating func bears(_ weight: Double, at now: Uptime, _ limits: SessionLimits) -> Bool {
        if let lastMistake {
            let passed = (now - lastMistake) / .seconds(1)
            mistakes = max(0, mistakes - passed * limits.mistakesForgottenPerSecond)
        }
        lastMistake = now
        mistakes += weight
        return mistakes <= Double(limits.mistakes)
    }
}
