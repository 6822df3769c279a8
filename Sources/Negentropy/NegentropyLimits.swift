// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Bounds of one reconciliation (NIP-77).
public struct NegentropyLimits: Hashable, Sendable {
    /// **Bytes** of a message that we make; `nil` for any length.
    public var frameBytes: Int?

    /// The least that `frameBytes` may be: anything smaller might get no further.
    public static let leastFrameBytes = 4096
    /// Ranges that are split have this many parts, and those of fewer than twice as many items are listed.
    static let parts = 16
    /// Items of a part that a client would have listed.
    static let listedItems = 8
    /// Ranges of one message that are looked at; what follows them is answered by one fingerprint, and gone on with in the next
    /// round. A range costs a tree a few dozen reads.
    static let rangesPerMessage = 8192
    /// **Bytes** kept free for the end of a message that is cut off.
    static let reservedBytes = 200
    /// Rounds that a client goes on for whatever it finds, and items for which it grants another one.
    static let (roundsMin, itemsPerRound) = (64, 16)

    public init(frameBytes: Int? = nil) {
        self.frameBytes = frameBytes.map { max($0, Self.leastFrameBytes) }
    }

    func isExceeded(by bytes: Int) -> Bool {
        guard let frameBytes else { return false }
        return bytes > frameBytes - Self.reservedBytes
    }
}
