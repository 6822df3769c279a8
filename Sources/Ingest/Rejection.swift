// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a well-formed event was refused. Becomes the text of an `OK` with `false` (NIP-01).
public enum Rejection: Equatable, Sendable {
    /// The id is not the hash of the event.
    case wrongID
    /// The author did not sign the id.
    case badSignature
    /// NIP-40.
    case expired
    /// Whoever may has deleted it (NIP-09): its author, or the recipient of a gift wrap.
    case deleted
    /// The author asked for everything of that time to be gone (NIP-62).
    case vanished
    /// `created_at` is further ahead of our clock than these **seconds**.
    case tooFarAhead(limit: Int64)
    /// `created_at` is further behind our clock than these **seconds**.
    case tooOld(limit: Int64)
    /// Events of NIP-42 belong to one connection.
    case authenticationEvent
    /// More **bytes** of JSON.
    case tooLarge(limit: Int)
    case tooManyTags(limit: Int)
    /// More **characters** of content.
    case contentTooLong(limit: Int)
    /// NIP-13.
    case tooLittleWork(difficulty: Int, needed: Int)
    /// NIP-70, and the author has not authenticated here; `isAuthenticated` when somebody else has.
    case protected(isAuthenticated: Bool)
    /// It spreads an event that NIP-70 protects.
    case repostOfProtected
    /// Ephemeral, and it refers to nothing accepted here.
    case unrelated
    /// The store cannot make every filter find it; says why.
    case unindexable(String)
    /// One of the operator's lists says so.
    case moderated(Moderated)
    /// An admission rule's own words, prefix included.
    case rule(String)
}
