// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Where a service manager listens: what `NOTIFY_SOCKET` holds, `/a/path` or `@a name` that is no file.
struct NotifySocket: Hashable, Sendable {
    /// **Seconds** that a message waits for room.
    static let patienceSeconds = 1

    private let name: [UInt8]

    /// - Returns: `nil` for what is neither a path nor a name, or is too long for a Unix socket.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"),
            bytes.count > 1, bytes.count <= ControlLimits.pathLengthMax
        else { return nil }
        // The kernel's mark for a name that is no file is a zero in the first place.
        name = first == UInt8(ascii: "@") ? [0] + bytes.dropFirst() : bytes
    }

    /// Sends one message, as one datagram.
    ///
    /// - Returns: what went wrong.
    func send(_ text: String) -> String? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return SystemError.last }
        defer { close(descriptor) }
        // A `struct timeval` of 64-bit Linux.
        var wait: (seconds: Int, microseconds: Int) = (Self.patienceSeconds, 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout.size(ofValue: wait)))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = MemoryLayout<sockaddr_un>.offset(of: \.sun_path).map { $0 + name.count }
        let message = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor, message, message.count, Int32(MSG_NOSIGNAL), $0,
                    socklen_t(length ?? MemoryLayout<sockaddr_un>.size))
            }
        }
        return sent == message.count ? nil : SystemError.last
    }
}
