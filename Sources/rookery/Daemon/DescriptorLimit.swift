// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import Logging
import Telemetry

/// How many files and sockets this process may hold.
enum DescriptorLimit {
    /// Descriptors beside those of clients: files, upstream relays, tools.
    private static let reserve = 4096

    /// Raises the soft limit as far as it is wanted and allowed; says so when clients will not fit.
    static func raise(forConnections connections: Int, logger: Logger) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        let target = min(rlim_t(connections + reserve), limit.rlim_max)
        if limit.rlim_cur < target {
            limit.rlim_cur = target
            setrlimit(resource, &limit)
        }
        if limit.rlim_cur < rlim_t(connections) {
            logger.warning(
                "fewer open files are allowed than relay.limits.max_connections asks for",
                metadata: [LogKey.count: .number(limit.rlim_cur)])
        }
    }
}

/// Which process this is.
enum ProcessIdentity {
    static var own: Int32 { getpid() }
}
