// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The file system that the data directory is on, asked at every scrape.
public struct DiskMeters: Sendable {
    /// Declares them in `registry`; a directory that is not there leaves them out.
    public init(_ registry: MetricsRegistry, directory: String) {
        registry.gauge(
            "rookery_disk_free_bytes", "What the file system of the data directory has left for us."
        ) { Self.bytes(of: directory, \.f_bavail) }
        registry.gauge("rookery_disk_size_bytes", "Size of the file system of the data directory.") {
            Self.bytes(of: directory, \.f_blocks)
        }
    }

    /// A number of blocks that `statvfs` tells, in **bytes**.
    private static func bytes(of directory: String, _ blocks: KeyPath<statvfs, fsblkcnt_t>) -> Double? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        return Double(status[keyPath: blocks]) * Double(status.f_frsize)
    }
}
