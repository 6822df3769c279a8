// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOSSL

/// Whether a certificate speaks for the name that was dialled (RFC 9525 §6).
///
/// NIOSSL checks that too, but is content when the certificate holds the *address* it is connected to, even though a
/// name was asked for. Then whoever redirects packets could show a certificate of his own address, so the name is
/// checked once more, strictly: a DNS name of the certificate must match, and the common name does not count.
struct ServerIdentity: Sendable {
    /// Lower case, without a final dot.
    let host: String

    init(host: String) {
        self.host = (host.hasSuffix(".") ? host.dropLast() : host[...]).lowercased()
    }

    /// - Parameter pattern: a DNS name; `*` may stand for the whole leftmost label.
    func matches(_ pattern: String) -> Bool {
        let pattern = ServerIdentity(host: pattern).host
        guard pattern.hasPrefix("*.") else { return !pattern.isEmpty && pattern == host }
        let parent = pattern.dropFirst()
        guard parent.dropFirst().contains("."), host.hasSuffix(parent) else { return false }
        let label = host.dropLast(parent.count)
        return !label.isEmpty && !label.contains(".")
    }

    func matches(_ certificate: NIOSSLCertificate) -> Bool {
        certificate._subjectAlternativeNames().contains { name in
            name.nameType == .dnsName && matches(String(decoding: name.contents, as: UTF8.self))
        }
    }

    /// A TLS handler that insists on this identity.
    func handler(_ context: NIOSSLContext) throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler._makeSSLClientHandler(context: context, serverHostname: host) {
            certificate, channel in
            matches(certificate)
                ? channel.eventLoop.makeSucceededVoidFuture()
                : channel.eventLoop.makeFailedFuture(DialError.tls("certificate is for another name"))
        }
    }
}
