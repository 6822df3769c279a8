// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import RelaySession
public import RelayTransport
public import RepositoryRules

/// Everything a ``RelayServer`` is told at its start.
public struct RelayServerConfiguration: Sendable {
    /// Where clients connect; port 0 takes a free one.
    public var listen = ListenAddress(host: "127.0.0.1", port: 7777)
    /// Where `/metrics` lives instead of the main port.
    public var metricsListen: ListenAddress?
    public var information = RelayInformation()
    /// Whether the status page tells more than where the relay is.
    public var showsStatus = true
    /// Advertised and enforced.
    public var limits = RelayLimits()
    /// Under which name clients reach the relay, and sign that they do (NIP-42); `nil`: the address it listens on.
    public var authority: ServiceAuthority?
    public var features = RelayFeatures()
    public var sessionLimits = SessionLimits()
    public var serverLimits = RelayServerLimits()
    public var rates = RateLimits()
    /// `maxMessageLength` is taken from ``limits``.
    public var transportLimits = TransportLimits()

    public init() {
        features.guardedKinds = RelayFeatures.privateKinds
        features.negentropy = true
    }
}

/// A host name or IP address, and a port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
