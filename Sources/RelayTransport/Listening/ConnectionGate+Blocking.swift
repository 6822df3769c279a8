// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NIOCore
public import NostrCore

extension ConnectionGate {
    /// Lets nobody in from these addresses, until others are named.
    ///
    /// - Returns: the open connections that come from one of them.
    func block(_ addresses: AddressPrefixSet) -> [any Channel] {
        state.withLockedValue { state in
            state.blocked = addresses
            if addresses.isEmpty { return [] }
            return state.channels.filter { id, channel in
                state.isBlocked(state.clients[id] ?? channel.remoteAddress)
            }.map(\.value)
        }
    }
}

extension ConnectionGate.State {
    /// Why nothing of an address is listened to; `nil` when it is.
    func refusal(of address: SocketAddress?, at now: NIODeadline) -> ConnectionGate.Admission? {
        if isBlocked(address) { return .blocked }
        return barred.contains(AddressKey(address), at: now) ? .barred : nil
    }

    func isBlocked(_ address: SocketAddress?) -> Bool {
        guard !blocked.isEmpty, let address = NetworkAddress(address) else { return false }
        return blocked.contains(address)
    }
}

extension NetworkAddress {
    /// - Returns: `nil` for what is no IP address.
    public init?(_ address: SocketAddress?) {
        switch IPAddress(address) {
        case .v4(let bits): self.init(v4: bits)
        case .v6(let high, let low): self.init(high: high, low: low)
        case nil: return nil
        }
    }
}

extension Listener {
    /// Lets nobody in from these addresses, until others are named; who is connected from one of them is cut off.
    public func block(_ addresses: AddressPrefixSet) {
        for channel in service.gate.block(addresses) {
            channel.pipeline.fireUserInboundEventTriggered(
                ShutdownEvent(code: .policyViolation, reason: "your address is blocked"))
        }
    }
}
