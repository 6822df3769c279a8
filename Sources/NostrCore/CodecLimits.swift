// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of the codec. What is over one is refused as malformed, at its sender's cost.
///
/// A message's own length is bounded before the codec sees it, by the transport.
public enum CodecLimits {
    /// How deep arrays and objects may nest in an event's further fields.
    public static let maxNesting = 64
    /// Ids, authors, kinds and tag values in all filters of one message together.
    public static let maxFilterElements = 65_536
    /// Conditions on tags in one filter: every `#x` is one, every value of `&x` is.
    public static let maxTagConditions = 64
    /// Filters in one message; the relay's own limit is lower.
    public static let maxFilters = 1_000
    /// **Characters** (Unicode scalars) of a subscription id (NIP-01).
    public static let maxSubscriptionIDLength = 64
    /// **Bytes** of an `id` that a malformed event is answered by.
    public static let maxEchoedIDLength = 128
    /// **Bytes** kept of a relay's `NOTICE`, `CLOSED`, `OK` and `AUTH` texts.
    public static let maxTextLength = 1_024
    /// **Bytes** of a string that an outline of a long message keeps; a longer one is left out.
    public static let outlineStringLength = 4_096
    /// **Bytes** of an outline beyond which no more tags are kept; beyond twice as many, nothing.
    public static let outlineLength = 65_536
    /// **Bytes** of a relay URL before it is normalised.
    public static let maxRelayURLInput = 2_048
    /// **Bytes** of a normalised relay URL, so that it fits into an index key.
    public static let maxRelayURLLength = 256
    /// **Characters** of a bech32 text (NIP-19).
    public static let maxBech32Length = 5_000
}
