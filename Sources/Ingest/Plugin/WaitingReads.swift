// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Questions about requests that wait for an answer, counted: in all, and of each address, so that one of many connections, or one
/// that comes and goes, leaves room for others.
struct WaitingReads {
    private struct Share {
        var count = 0
        var bytes = 0

        func hasRoom(_ count: Int, _ bytes: Int) -> Bool { self.count < count && self.bytes < bytes }
    }

    private var all = Share()
    /// Of those that have any.
    private var shares: [NetworkAddress?: Share] = [:]
    private var number: UInt64 = 0

    /// Another one each time.
    mutating func makeNumber() -> UInt64 {
        number += 1
        return number
    }

    /// - Returns: whether one more may wait.
    mutating func begin(_ bytes: Int, of address: NetworkAddress?, _ limits: PluginLimits) -> Bool {
        let part = limits.waitingReadsShare
        guard all.hasRoom(limits.waitingReads, limits.waitingReadBytes),
            shares[address.network, default: Share()]
                .hasRoom(limits.waitingReads / part, limits.waitingReadBytes / part)
        else { return false }
        add(1, bytes, of: address.network)
        return true
    }

    mutating func end(_ bytes: Int, of address: NetworkAddress?) { add(-1, -bytes, of: address.network) }

    private mutating func add(_ count: Int, _ bytes: Int, of network: NetworkAddress?) {
        all.count += count
        all.bytes += bytes
        var share = shares[network, default: Share()]
        share.count += count
        share.bytes += bytes
        shares[network] = share.count == 0 ? nil : share
    }
}

extension NetworkAddress? {
    /// The /64 of an IPv6 address: what one customer has at the least.
    fileprivate var network: NetworkAddress? {
        map { $0.isV4 ? $0 : NetworkAddress(high: $0.high, low: 0) }
    }
}
