// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NIOHTTP1

/// One HTTP request, whole, within the bounds of ``TransportLimits``.
public struct HTTPRequest: Sendable {
    public var method: HTTPMethod
    /// As sent, for example `/metrics?x=1`.
    public var target: String
    public var headers: HTTPHeaders
    /// Empty for an upgrade request.
    public var body: ByteBuffer
    /// Who asks: the other end of the TCP connection, or whom a trusted proxy names there.
    public var remoteAddress: SocketAddress?

    public init(
        method: HTTPMethod = .GET, target: String, headers: HTTPHeaders = [:],
        body: ByteBuffer = ByteBuffer(),
        remoteAddress: SocketAddress? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.remoteAddress = remoteAddress
    }

    /// The target before any `?`, as sent: percent signs are not decoded.
    public var path: String {
        String(target.prefix { $0 != "?" })
    }
}
