// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// What a disk still takes.
enum DiskRoom {
    /// **Bytes** that are free for whoever is not root; `nil` where that cannot be told.
    static func free(at path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }
}
