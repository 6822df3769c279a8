// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Which process dials which relay.
///
/// One process dials everything. Where many share the work, a lease decides; losing it is told like gaining it.
public protocol RelayOwnership: Sendable {
    /// Asks for a relay. `report` is called with `true` once it is ours and with `false` when it no longer is, any
    /// number of times until ``release(_:)``; it may be called before this method returns.
    func claim(_ relay: RelayURL, report: @escaping @Sendable (_ isOurs: Bool) -> Void)
    func release(_ relay: RelayURL)
}

/// Every relay is ours.
public struct SoleOwnership: RelayOwnership {
    public init() {}
    public func claim(_ relay: RelayURL, report: @escaping @Sendable (_ isOurs: Bool) -> Void) {
        report(true)
    }
    public func release(_ relay: RelayURL) {}
}
