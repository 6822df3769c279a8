// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import SyncPlanner

extension DialError {
    /// What an operator needs to know beyond the class of the failure; `nil` when that says it all.
    var detail: String? {
        switch self {
        case .refused(let refusal): refusal.detail
        case .tls(let text): Self.tlsDetail(text)
        case .http(let status): Self.httpDetail(status)
        case .timeout(let stage): "no answer while \(stage.rawValue)"
        case .dns, .tcp, .handshake, .busy, .cancelled: nil
        }
    }

    private static func httpDetail(_ status: Int) -> String {
        switch status {
        case 200..<300: "\(status) but no upgrade"
        case 300..<400: "\(status) redirect, which is not followed"
        default: "\(status)"
        }
    }

    /// What the library says, where it tells reasons apart.
    private static func tlsDetail(_ text: String) -> String {
        let lower = text.lowercased()
        if lower.contains("expired") { return "its certificate has expired" }
        if lower.contains("another name") { return "its certificate is for another name" }
        if lower.contains("certificate_verify_failed") {
            return "its certificate is expired or of an unknown issuer: sync.ca_file"
        }
        if lower.contains("wrong_version_number") { return "what answers there speaks no TLS" }
        if lower.contains("eof during handshake") {
            return "it hung up in the middle of the TLS handshake: perhaps it speaks no TLS there"
        }
        return UpstreamWords.short(text)
    }
}

extension DialRefusal {
    fileprivate var detail: String? {
        switch self {
        case .address(.metadata): "its address is of a metadata service"
        case .address: "its address is \(word): sync.allow_private_addresses"
        case .onion: "a hidden service, which cannot be reached from here"
        case .localName: "its name is a local one: sync.allow_private_addresses"
        case .badHost: "its name is no host name"
        case .busyAddress: "its address has as many connections, or dials in a minute, as one may have"
        }
    }
}
