// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOSSL

/// A file of certificate authorities, as ``DialOptions/caFile`` names one.
public enum CertificateFile {
    /// Whether there is anything in it to trust.
    public static func isUsable(_ path: String) -> Bool {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(path) else { return false }
        return !certificates.isEmpty
    }
}
