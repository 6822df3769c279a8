// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NostrCore

/// Who is connected to a ``Listener``, and who may be.
///
/// A connection too many is still accepted: it may ask one thing over HTTP, and is told why it may not converse. Only so
/// many of those are held until they ask.
final class ConnectionGate: Sendable {
    /// What becomes of a new connection.
    enum Admission: Hashable, Sendable {
        case admitted
        /// Too many connections in all: HTTP 503 to an upgrade.
        case full
        /// Too many connections from one address: HTTP 429 to an upgrade.
        case crowded
        /// One of this address was expelled a moment ago: HTTP 429.
        case barred
        /// The operator wants nobody from this address: HTTP 403.
        case blocked
        /// Told so at once, and closed.
        case dropped

        /// Whether one question over HTTP is answered: whoever watches over a relay is told most when it is full.
        var mayAsk: Bool { [.admitted, .full, .crowded].contains(self) }
    }

    struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Who speaks through a proxy on a channel.
        var clients: [ObjectIdentifier: SocketAddress] = [:]
        var perAddress: [AddressKey: Int] = [:]
        var barred = BarredAddresses()
        var blocked = AddressPrefixSet()
        var isClosing = false
        var whenEmpty: [EventLoopPromise<Void>] = []
    }

    private let limits: TransportLimits
    private let tally: TransportTally
    let forwarded: ForwardedAddress
    let state = NIOLockedValueBox(State())

    init(limits: TransportLimits, tally: TransportTally) {
        self.limits = limits
        self.tally = tally
        forwarded = ForwardedAddress(trusted: limits.trustedProxies)
    }

    /// Counts a connection until its channel closes.
    func admit(_ channel: any Channel) -> Admission {
        // A proxy speaks for many: whom, its requests say.
        let key = forwarded.isProxy(channel.remoteAddress) ? nil : AddressKey(channel.remoteAddress)
        let now = channel.eventLoop.now
        let admission = state.withLockedValue { state -> Admission in
            let others = state.channels.count
            let neighbours = key.map { state.perAddress[$0, default: 0] } ?? 0
            guard !state.isClosing, others < limits.maxConnections + limits.refusalsAtOnce,
                neighbours < limits.maxConnectionsPerAddress + limits.refusalsAtOnce
            else { return .dropped }
            state.channels[ObjectIdentifier(channel)] = channel
            if let key {
                state.perAddress[key] = neighbours + 1
                if state.isBlocked(channel.remoteAddress) { return .blocked }
                if state.barred.contains(key, at: now) { return .barred }
            }
            if neighbours >= limits.maxConnectionsPerAddress { return .crowded }
            return others >= limits.maxConnections ? .full : .admitted
        }
        tally.count { counts in
            switch admission {
            case .admitted: counts.acceptedConnections += 1
            case .full: counts.refusedFull += 1
            case .crowded: counts.refusedPerAddress += 1
            case .barred, .blocked: counts.refusedBarred += 1
            case .dropped: counts.droppedConnections += 1
            }
            if admission != .dropped { counts.openConnections += 1 }
        }
        if admission != .dropped { channel.closeFuture.whenComplete { [self] _ in release(channel, key) } }
        return admission
    }

    /// Who asks.
    func client(of headers: HTTPHeaders, on channel: any Channel) -> SocketAddress? {
        forwarded.client(of: headers, from: channel.remoteAddress)
    }

    /// Whether a proxy's client may ask for anything.
    func admitRequest(of client: SocketAddress?, on channel: any Channel) -> Admission {
        guard forwarded.isProxy(channel.remoteAddress), !forwarded.isProxy(client) else { return .admitted }
        let now = channel.eventLoop.now
        guard let refusal = state.withLockedValue({ $0.refusal(of: client, at: now) }) else {
            return .admitted
        }
        tally.count { $0.refusedBarred += 1 }
        return refusal
    }

    /// Counts a proxy's client, who is to have the channel for himself, until it closes.
    func admitConversation(of client: SocketAddress?, on channel: any Channel) -> Admission {
        guard forwarded.isProxy(channel.remoteAddress), !forwarded.isProxy(client) else { return .admitted }
        let (key, now) = (AddressKey(client), channel.eventLoop.now)
        let admission = state.withLockedValue { state -> Admission in
            // Whoever was shut out a moment ago was not among those whose channels were closed then.
            if let refusal = state.refusal(of: client, at: now) { return refusal }
            let neighbours = state.perAddress[key, default: 0]
            guard neighbours < limits.maxConnectionsPerAddress else { return .crowded }
            state.perAddress[key] = neighbours + 1
            state.clients[ObjectIdentifier(channel)] = client
            return .admitted
        }
        guard admission == .admitted else {
            tally.count { counts in
                if admission == .crowded { counts.refusedPerAddress += 1 } else { counts.refusedBarred += 1 }
            }
            return admission
        }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLockedValue { state in
                state.clients[ObjectIdentifier(channel)] = nil
                Self.leave(&state, key)
            }
        }
        return .admitted
    }

    /// Lets nobody in from an address for a while; connections that are open stay.
    func bar(_ address: SocketAddress?, at now: NIODeadline) {
        guard let address, limits.barTime > .zero else { return }
        guard !forwarded.isProxy(address) else { return }
        guard limits.barsLocalAddresses || AddressClass(address) == .global else { return }
        state.withLockedValue { state in
            state.barred.insert(
                AddressKey(address), until: now + limits.barTime, at: now, limit: limits.maxBarredAddresses)
        }
    }

    private static func leave(_ state: inout State, _ key: AddressKey) {
        let neighbours = state.perAddress[key, default: 1] - 1
        state.perAddress[key] = neighbours == 0 ? nil : neighbours
    }

    private func release(_ channel: any Channel, _ key: AddressKey?) {
        tally.count { $0.openConnections -= 1 }
        let emptied = state.withLockedValue { state -> [EventLoopPromise<Void>] in
            state.channels[ObjectIdentifier(channel)] = nil
            if let key { Self.leave(&state, key) }
            guard state.channels.isEmpty else { return [] }
            defer { state.whenEmpty = [] }
            return state.whenEmpty
        }
        for promise in emptied { promise.succeed() }
    }

    /// Admits nobody from now on.
    ///
    /// - Parameter whenEmpty: kept when the last connection is gone.
    /// - Returns: the connections open now.
    func close(whenEmpty: EventLoopPromise<Void>) -> [any Channel] {
        let channels = state.withLockedValue { state in
            state.isClosing = true
            if !state.channels.isEmpty { state.whenEmpty.append(whenEmpty) }
            return Array(state.channels.values)
        }
        if channels.isEmpty { whenEmpty.succeed() }
        return channels
    }

    /// The connections open now.
    var channels: [any Channel] { state.withLockedValue { Array($0.channels.values) } }
}
