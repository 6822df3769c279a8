// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What one address, or one key, may ask of the relay.
///
/// An address is an IPv4 address or the /64 of an IPv6 one. What is over is refused with `rate-limited:` and the time to
/// wait. The defaults are far above what a client does that publishes what its user has, or a relay that gathers.
public struct RateLimits: Hashable, Sendable {
    // MARK: From one address

    /// EVENTs.
    public var events = Rate(perSecond: 1_000, burst: 20_000)
    /// REQs, COUNTs and the like.
    public var requests = Rate(perSecond: 500, burst: 5_000)
    /// **Bytes** of messages, as they are once decompressed.
    public var bytes = Rate(perSecond: 16_777_216, burst: 268_435_456)
    /// WebSocket conversations begun; one more is answered with 429.
    public var connections = Rate(perSecond: 50, burst: 1_000)

    // MARK: By one key, from wherever

    /// Events of one author that were taken in: new ones, whose signature was found to be true.
    public var keyEvents = Rate(perSecond: 500, burst: 20_000)
    /// REQs, COUNTs and the like of who has shown this key (NIP-42).
    public var keyRequests = Rate(perSecond: 500, burst: 5_000)

    // MARK: Bounds

    /// Whom none of this concerns. Trusted proxies speak for others and are exempt by themselves.
    public var exempt = ["127.0.0.0/8", "::1"].compactMap(AddressPrefix.init)
    /// Addresses, and keys, remembered for each of these.
    public var maxRemembered = 65_536

    public init() {}
}

/// What there was too much of, as a label.
public enum RatedThing: String, Sendable, CaseIterable {
    case events, requests, bytes, connections
    case keyEvents = "key_events"
    case keyRequests = "key_requests"
}
