// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NostrCore

extension DialTarget {
    /// Where a relay is.
    public init(_ url: RelayURL) {
        let isBracketed = url.host.hasPrefix("[") && url.host.hasSuffix("]")
        self.init(
            isSecure: url.isSecure, host: isBracketed ? String(url.host.dropFirst().dropLast()) : url.host,
            port: url.port, authority: url.authority, path: url.path)
    }
}

extension Dialer {
    /// Opens a conversation with a relay; see ``dial(_:trust:on:makePeer:)-(DialTarget,_,_,_)``.
    public func dial(
        _ url: RelayURL, trust: DialTrust, on eventLoop: (any EventLoop)? = nil,
        makePeer: @escaping @Sendable () -> any WebSocketPeer
    ) async throws(DialError) {
        try await dial(DialTarget(url), trust: trust, on: eventLoop, makePeer: makePeer)
    }
}
