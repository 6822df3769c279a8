// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What became of an event that was to be sent: a closed set, for metrics.
enum StreamAnswer: String, CaseIterable, Codable, Sendable {
    case accepted
    case duplicate
    // The first words of refusals (NIP-01, NIP-42).
    case blocked, invalid, restricted, pow, mute, error, unsupported
    case rateLimited = "rate-limited"
    case authRequired = "auth-required"
    /// Refused in other words.
    case other
    /// The relay does not read messages of that length, and was not sent it.
    case tooLong = "too-long"

    /// From an `OK`.
    init(accepted: Bool, _ message: String) {
        guard !accepted else {
            self = .accepted
            return
        }
        let word = message.prefix { $0 != ":" }
        self = word.count < message.count ? Self(rawValue: String(word)) ?? .other : .other
        if self == .accepted || self == .tooLong { self = .other }
    }

    /// Whether the relay has the event.
    var isThere: Bool { self == .accepted || self == .duplicate }
}

/// What became of an event that came: a closed set, for metrics.
enum StreamArrival: String, CaseIterable, Codable, Sendable {
    case stored, ephemeral, duplicate, superseded, held, refused, failed
    /// What we had sent it ourselves comes back.
    case echo
    /// The stream's filter does not match it, or nobody asked for it.
    case unasked
    /// Too long to be read.
    case tooLong = "too-long"
}

/// How a back-fill ended.
enum StreamFilling: String, CaseIterable, Codable, Sendable {
    /// What differs was found by negentropy (NIP-77), and is here or on its way.
    case reconciled
    /// All was read, page by page; what the relay lacks is not known.
    case paged
    case failed
}

/// Where one conversation of a stream is.
enum StreamState: String, CaseIterable, Codable, Sendable {
    /// It is tried again in a while.
    case waiting
    case connecting
    /// What differs is being found out.
    case filling
    /// What was missing is here, and what is new comes and goes.
    case live
    /// What is new comes and goes; what was missing could not all be found out.
    case liveWithGaps = "live-with-gaps"

    var isConnected: Bool {
        switch self {
        case .waiting, .connecting: false
        case .filling, .live, .liveWithGaps: true
        }
    }
}
