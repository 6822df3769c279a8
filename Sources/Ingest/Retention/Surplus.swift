// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import EventStore

/// How much is to go until the store holds no more than so many bytes: measured once, some rows at a time, then
/// counted down by what goes.
public struct Surplus: Sendable {
    /// **Bytes** of what is live (``LiveBytes``); `nil`: however many.
    private let most: Int?
    private var live = LiveBytes()
    /// **Bytes** that are still to go, none or less when it is enough; `nil` until it was measured.
    public private(set) var left: Int?

    public init(over most: Int?) {
        self.most = most
        if most == nil { left = 0 }
    }

    /// Reads on.
    ///
    /// - Returns: whether there is more to be read.
    public mutating func measure(_ store: EventStore) throws(StoreError) -> Bool {
        guard left == nil, let most else { return false }
        // What is live lies in pages that are in use: mostly there is nothing to be read.
        if !live.hasBegun, try store.inUseBytes() <= most {
            left = 0
            return false
        }
        if try live.readPage(of: store) { return true }
        left = (live.total ?? 0) - most
        return false
    }

    /// **Bytes** that are too many still, where nothing more can go; what the sums may be wrong by, a page or a
    /// hundredth, is none.
    public var excess: Int {
        guard let left, left > max(4096, (live.total ?? 0) / 100) else { return 0 }
        return left
    }

    /// Counts down what goes.
    public mutating func take(_ bytes: Int) { left = (left ?? 0) - bytes }
}
