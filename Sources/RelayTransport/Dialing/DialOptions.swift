// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NIOHTTP1

/// How a ``Dialer`` dials.
public struct DialOptions: Sendable {
    /// Whether strangers, too, may name loopback, private and link-local targets.
    public var allowPrivateAddresses = false
    /// A PEM file of certificate authorities trusted besides the system's.
    public var caFile: String?
    /// How long a dial may take, all stages together.
    public var connectTimeout: TimeAmount = .seconds(20)
    /// How long one address may take to accept the TCP connection before the next is tried.
    public var addressTimeout: TimeAmount = .seconds(5)
    /// How long the name may take to resolve.
    public var resolveTimeout: TimeAmount = .seconds(5)
    /// How many of a name's addresses are tried.
    public var maxAddresses = 6
    /// How many names may wait to be resolved at once; more answer ``DialError/busy``.
    public var maxPendingResolutions = 256
    /// How long reading a document may take, dialling included.
    public var documentTimeout: TimeAmount = .seconds(10)
    /// **Bytes** of a document.
    public var maxDocumentLength = 64 << 10
    /// Connections at one time to one address, for what strangers name; as many again over TLS.
    public var connectionsPerAddress = 4
    /// Connections to one address whose certificates hold the names that were dialled.
    public var certifiedConnectionsPerAddress = 32
    /// Dials to one address within ``dialWindow``, for what strangers name; as many again over TLS.
    public var dialsPerAddress = 6
    public var dialWindow: TimeAmount = .minutes(1)
    /// Whether permessage-deflate is offered (RFC 7692). A server that answers the offer wrongly is dialled once more without it.
    public var compresses = false
    public var limits = TransportLimits()
    /// Sent with the upgrade request.
    public var headers: HTTPHeaders = ["User-Agent": "Rookery"]

    public init() {}
}

/// Who named a target, and so what may be dialled.
public enum DialTrust: Hashable, Sendable {
    /// The operator: private addresses are fine.
    case operatorNamed
    /// Somebody else, for example an announcement: globally reachable addresses only, unless
    /// ``DialOptions/allowPrivateAddresses``.
    case namedByStrangers
}
