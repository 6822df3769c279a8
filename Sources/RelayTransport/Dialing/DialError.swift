// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why an outbound connection did not come to be.
public enum DialError: Error, Hashable, Sendable {
    /// The target may not be dialled at all.
    case refused(DialRefusal)
    /// The name did not resolve.
    case dns(String)
    /// No address could be reached.
    case tcp(String)
    /// No trusted TLS session with that name came to be.
    case tls(String)
    /// The server answered with another status than asked for; redirects are not followed.
    case http(status: Int)
    /// The server's answer was no proper WebSocket handshake, or no document within bounds.
    case handshake(String)
    /// It took too long.
    case timeout(DialStage)
    /// Too many names wait to be resolved, or this one's turn did not come in time; nothing was tried.
    case busy
    /// The caller's task was cancelled, or the dialer was shut down.
    case cancelled

    /// The server's answer names an extension that does not fit the offer.
    static let badExtension = DialError.handshake("an extension nobody asked for")
}

/// How far a dial came.
public enum DialStage: String, Hashable, Sendable {
    case resolving, connecting, securing, upgrading, reading
}

/// Why a target may not be dialled.
public enum DialRefusal: Hashable, Sendable {
    /// Every address of the target is of a kind that strangers may not name.
    case address(AddressClass)
    /// A hidden service, which this program cannot reach.
    case onion
    /// A name that means this machine or this network: `localhost`, `*.local`, `*.internal` and their like.
    case localName
    /// An empty or impossible host name.
    case badHost
    /// Every address has its ``DialOptions/connectionsPerAddress`` or ``DialOptions/dialsPerAddress`` already.
    case busyAddress
}
