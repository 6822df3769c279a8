// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CFloor
import Glibc

/// The kernel's list of sockets that have something to read, or room to write.
struct Epoll: ~Copyable {
    private let descriptor: Int32
    private let ready: UnsafeMutableBufferPointer<epoll_event>

    /// - Parameter room: how many sockets are told of at once.
    init(room: Int = 256) {
        descriptor = epoll_create1(0)
        precondition(descriptor >= 0, "no epoll: \(String(cString: strerror(errno)))")
        ready = .allocate(capacity: room)
    }

    deinit {
        close(descriptor)
        ready.deallocate()
    }

    /// Begins to watch a socket, or watches it for something else.
    ///
    /// - Parameter tag: what ``wait(seconds:_:)`` calls it.
    func watch(_ socket: Int32, as tag: Int, forRoom: Bool = false, again: Bool = false) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (forRoom ? EPOLLOUT.rawValue : 0)
        event.data.u64 = UInt64(tag)
        let code = epoll_ctl(descriptor, again ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event)
        precondition(code == 0, "a socket cannot be watched: \(String(cString: strerror(errno)))")
    }

    /// Waits `seconds` at most, in whole milliseconds, and hands over what is ready.
    func wait(seconds: Double, _ take: (_ tag: Int, _ hasRoom: Bool) throws -> Void) rethrows {
        let count = epoll_wait(
            descriptor, ready.baseAddress, Int32(ready.count), Int32(max(0, (seconds * 1000).rounded(.up))))
        for index in 0..<max(0, Int(count)) {
            let event = ready[index]
            try take(Int(event.data.u64), event.events & EPOLLOUT.rawValue != 0)
        }
    }
}
