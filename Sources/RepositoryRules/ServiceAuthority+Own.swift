// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension ServiceAuthority {
    /// The names of a relay: its domain or, without one, where it listens and this machine's names for itself.
    ///
    /// - Parameter address: `host:port` as it listens.
    public static func own(domain: ServiceAuthority?, listening address: String, port: Int) -> [Self] {
        if let domain { return [domain] }
        let names = [address, "localhost:\(port)", "127.0.0.1:\(port)", "[::1]:\(port)"]
        return names.compactMap { ServiceAuthority($0) }
    }
}
