// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import NostrCore

/// Who asks, when the other end of the connection is a proxy that we trust to say so.
///
/// Each proxy adds the address it was asked from to the end of `X-Forwarded-For`. So the list is read from its end, for as
/// long as the one who added an entry is trusted; what is further to the front may be anybody's invention. From peers that
/// are not trusted the header means nothing, and `Forwarded` (RFC 7239) means nothing at all.
struct ForwardedAddress: Sendable {
    private let trusted: AddressPrefixSet

    init(trusted: [AddressPrefix]) { self.trusted = AddressPrefixSet(trusted) }

    func isProxy(_ address: SocketAddress?) -> Bool {
        guard !trusted.isEmpty, let address = NetworkAddress(address) else { return false }
        return trusted.contains(address)
    }

    /// The address that asked `peer`, or that of the first one on the way who is not trusted.
    func client(of headers: HTTPHeaders, from peer: SocketAddress?) -> SocketAddress? {
        guard isProxy(peer) else { return peer }
        var client = peer
        for line in headers["X-Forwarded-For"].reversed() {
            for entry in line.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                guard let address = Self.address(String(entry)) else { return client }
                client = address
                if !isProxy(address) { return client }
            }
        }
        return client
    }

    /// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
    private static func address(_ text: String) -> SocketAddress? {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return nil }
            text = text[text.index(after: text.startIndex)..<end]
        } else if let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") {
            text = text[..<colon]
        }
        return try? SocketAddress(ipAddress: String(text), port: 0)
    }
}
