// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers

/// A descriptor that log lines are written to whole, and that nobody waits for.
///
/// A reader that no longer reads costs ``LogLimits/patienceMilliseconds`` once, a full disk or a closed pipe nothing.
/// What waits here is held up, whoever logs: a line is given up rather than waited for.
public final class LogDescriptor: Sendable {
    /// Standard error of this process.
    public static let standardError = LogDescriptor(2)

    private struct State {
        /// The last line was cut short: the next begins a line of its own.
        var isTorn = false
        /// The last line found no room: the next does not wait for any.
        var isStuck = false
    }

    private let descriptor: Int32
    private let patience: Int32
    private let state = NIOLockedValueBox(State())

    /// Where it is a file, everything is written at its end, so that another program may cut it (`copytruncate`).
    ///
    /// - Parameter patience: **milliseconds** that the first line without room waits for it.
    public init(_ descriptor: Int32, patience: Int32 = LogLimits.patienceMilliseconds) {
        self.descriptor = descriptor
        self.patience = patience
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        let flags = fcntl(descriptor, F_GETFL)
        if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_APPEND) }
    }

    /// Writes a line with its newline.
    ///
    /// - Returns: whether all of it was taken.
    public func write(_ line: [UInt8]) -> Bool {
        state.withLockedValue { state in
            // A pipe or socket with room takes a line at once and whole: see ``LogLimits/lineLengthMax``.
            state.isStuck = !hasRoom(within: state.isStuck ? 0 : patience)
            if state.isStuck { return false }
            if state.isTorn {
                guard put([UInt8(ascii: "\n")]) == 1 else { return false }
                state.isTorn = false
            }
            let count = put(line)
            state.isTorn = count > 0 && count < line.count
            return count == line.count
        }
    }

    /// Whether there is room, or an error to be had.
    private func hasRoom(within milliseconds: Int32) -> Bool {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&wanted, 1, milliseconds) > 0
    }

    /// - Returns: how many bytes were taken.
    private func put(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                rest = rest.dropFirst(count)
            }
            return bytes.count - rest.count
        }
    }
}
