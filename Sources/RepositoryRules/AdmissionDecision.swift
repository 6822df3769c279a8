// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What becomes of a valid event that asks to be stored.
public enum AdmissionDecision: Hashable, Sendable {
    case accept
    /// Not now; it may become acceptable when something else is accepted.
    case hold
    /// Never; the text is for its sender and begins with one of NIP-01's prefixes.
    case refuse(String)
}
