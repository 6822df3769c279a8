// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// A service manager's end of `NOTIFY_SOCKET`, to see what a daemon says.
public final class NotifyReceiver: Sendable {
    /// It cannot be made: the `errno`.
    public struct CannotListen: Error {
        /// The `errno` of the call that failed.
        public let code: Int32
    }

    private let descriptor: Int32

    /// Listens at `place`: a path, or `@` and a name that is no file.
    public init(_ place: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var name = Array(place.utf8)
        if place.hasPrefix("@") { name[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw CannotListen(code: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw CannotListen(code: errno) }
    }

    deinit { close(descriptor) }

    /// The oldest message that nobody has read; `nil` when there is none now.
    public func next() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
