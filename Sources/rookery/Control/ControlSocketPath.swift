// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// A path by which the kernel finds a socket however deep its directory lies.
///
/// A Unix socket's path holds 107 bytes. A longer one is reached through a descriptor of its directory.
struct ControlSocketPath: ~Copyable {
    let path: String
    private let descriptor: Int32

    init(_ directory: DataDirectory, name: String = "control.sock") throws(CommandFailure) {
        let plain = "\(directory.path)/\(name)"
        guard plain.utf8.count > ControlLimits.pathLengthMax else {
            path = plain
            descriptor = -1
            return
        }
        descriptor = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CommandFailure("\(directory.path): \(SystemError.last)") }
        path = "/proc/self/fd/\(descriptor)/\(name)"
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}
