// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Descriptors 0, 1 and 2.
enum StandardStreams {
    /// Opens those that are closed to nothing: else the store would be opened as one of them, and what is said be written
    /// into it.
    static func ensure() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest that is free: this one, as those below it are open.
            _ = open("/dev/null", O_RDWR)
        }
    }
}
