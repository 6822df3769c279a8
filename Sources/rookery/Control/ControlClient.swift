// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// A tool's end of the control socket: blocking, one request after the other.
struct ControlClient: ~Copyable {
    private let descriptor: Int32
    private var lines = LineBuffer(maxLength: ControlLimits.answerLengthMax)

    private init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Returns: `nil` when no daemon listens there.
    /// - Throws: when one may, but cannot be asked.
    static func reach(_ directory: DataDirectory) throws(CommandFailure) -> ControlClient? {
        let socketPath = try ControlSocketPath(directory)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw CommandFailure("control socket: \(SystemError.last)") }
        // A `struct timeval` of 64-bit Linux; where Swift finds that type depends on what other files import.
        var wait: (seconds: Int, microseconds: Int) = (ControlLimits.answerSeconds, 0)
        let length = socklen_t(MemoryLayout.size(ofValue: wait))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, length)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, length)
        var address = address(socketPath.path)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if status == 0 { return ControlClient(descriptor: descriptor) }
        let code = errno
        close(descriptor)
        if code == ENOENT || code == ECONNREFUSED || code == ENOTDIR { return nil }
        throw CommandFailure("\(directory.controlSocket): \(SystemError.text(code))")
    }

    deinit { close(descriptor) }

    /// Sends a request, with `payload` after it.
    mutating func send(_ request: ControlRequest, payload: [UInt8] = []) throws(CommandFailure) {
        let bytes = ControlCoding.line(request) + payload
        var sent = 0
        while sent < bytes.count {
            // Not `write`: a daemon that has gone is an error to tell, not a signal that ends this process.
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw CommandFailure("the daemon closed the control socket: \(SystemError.last)")
            }
            sent += count
        }
    }

    /// The answer to the oldest request that has none yet.
    mutating func receive() throws(CommandFailure) -> ControlAnswer {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            switch lines.next() {
            case .whole(let line):
                guard let answer = ControlCoding.read(ControlAnswer.self, line) else {
                    throw CommandFailure("the daemon's answer is not understood; is it of another version?")
                }
                return answer
            case .tooLong: throw CommandFailure("the daemon's answer is too long")
            case nil: break
            }
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = count < 0 ? SystemError.last : "it ended"
                throw CommandFailure("the daemon did not answer: \(reason)")
            }
            lines.append(chunk[..<count])
        }
    }

    /// Asks and waits for the answer.
    ///
    /// - Throws: also when the answer is an error.
    mutating func ask(_ request: ControlRequest, payload: [UInt8] = []) throws(CommandFailure)
        -> ControlAnswer
    {
        try send(request, payload: payload)
        let answer = try receive()
        if let error = answer.error { throw CommandFailure(error) }
        return answer
    }

    private static func address(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return address
    }
}
