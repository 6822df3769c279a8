// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// One blocking WebSocket connection of the load generator; where speed is measured a ``LoadGroup`` reads its socket.
///
/// Frames go out masked with zero, which is a mask like any other and costs nothing.
final class LoadConnection: @unchecked Sendable {
    // Each connection is used by one thread at a time.

    /// What a message of the relay is, as far as a load generator cares.
    enum Answer { case event, endOfStored, accepted, refused, closed, other }

    /// The relay went away, or said something unexpected.
    struct Failed: Error, CustomStringConvertible { let description: String }

    let descriptor: Int32
    private let port: Int
    /// **Bytes** of messages read so far.
    private(set) var bytesRead = 0
    private var bounds = 0..<0
    private var buffer: [UInt8]
    private var start = 0
    private var end = 0

    /// - Parameters:
    ///   - address: on whose behalf a proxy would say that it asks.
    ///   - room: **bytes** of messages that are read at once.
    ///   - receiveBuffer: **bytes** that the kernel holds for us; `nil` for as many as it likes.
    ///   - patience: **seconds** that one read or write may take.
    init(
        port: Int, for address: String? = nil, holding room: Int = 1 << 18, receiveBuffer: Int32? = nil,
        patience: Int = 120
    ) throws {
        self.port = port
        buffer = [UInt8](repeating: 0, count: room)
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: patience, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        if var receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        let forwarded = address.map { "X-Forwarded-For: \($0)\r\n" } ?? ""
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            throw Failed(description: "cannot connect: \(String(cString: strerror(errno)))")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        try write(
            Array(
                """
                GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\(forwarded)\r\n
                """.utf8))
        try skipHandshake()
    }

    deinit { close(descriptor) }

    /// A text frame around `payload`.
    static func frame(_ payload: some Collection<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = [0x81]
        let count = payload.count
        switch count {
        case ..<126: bytes.append(0x80 | UInt8(count))
        case ..<65_536: bytes += [0x80 | 126, UInt8(count >> 8), UInt8(count & 255)]
        default: bytes += [0x80 | 127] + (0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) }
        }
        bytes += [0, 0, 0, 0]
        bytes += payload
        return bytes
    }

    static func frame(_ text: String) -> [UInt8] { frame(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failed(description: "the relay does not read") }
            sent += count
        }
    }

    /// The next message, waiting for it.
    func next() throws -> Answer {
        while true {
            if let answer = buffered() { return answer }
            try fill()
        }
    }

    /// What was returned last, until more is read.
    var message: ArraySlice<UInt8> { buffer[bounds] }

    /// What was read and not yet looked at: who takes it reads the socket alone from then on.
    func takeRest() -> [UInt8] {
        defer { start = end }
        return Array(buffer[start..<end])
    }

    /// The next message if it has been read already.
    func buffered() -> Answer? {
        while let (payload, after) = frameBounds() {
            let isText = buffer[start] & 0x0F <= 1
            defer { start = after }
            if isText {
                bytesRead += payload.count
                bounds = payload
                return classify(payload)
            }
        }
        return nil
    }

    /// Reads what is there, at least one byte.
    func fill() throws {
        if start == end { (start, end) = (0, 0) }
        if end == buffer.count {
            if start > 0 {
                buffer.replaceSubrange(0..<(end - start), with: Array(buffer[start..<end]))
                (start, end) = (0, end - start)
            } else {
                buffer += [UInt8](repeating: 0, count: buffer.count)
            }
        }
        let room = end..<buffer.count
        let count = buffer[room].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw Failed(description: "the relay on port \(port) closed the connection") }
        end += count
    }

    private func frameBounds() -> (payload: Range<Int>, end: Int)? {
        guard end - start >= 2 else { return nil }
        var (at, length) = (start + 2, Int(buffer[start + 1] & 0x7F))
        let width = length == 126 ? 2 : length == 127 ? 8 : 0
        guard end - at >= width else { return nil }
        if width > 0 { length = buffer[at..<(at + width)].reduce(0) { $0 << 8 | Int($1) } }
        at += width
        guard end - at >= length else { return nil }
        return (at..<(at + length), at + length)
    }

    private func classify(_ payload: Range<Int>) -> Answer {
        guard payload.count > 6 else { return .other }
        switch (buffer[payload.lowerBound + 2], buffer[payload.lowerBound + 3]) {
        case (UInt8(ascii: "E"), UInt8(ascii: "V")): return .event
        case (UInt8(ascii: "E"), UInt8(ascii: "O")): return .endOfStored
        case (UInt8(ascii: "C"), UInt8(ascii: "L")): return .closed
        case (UInt8(ascii: "O"), UInt8(ascii: "K")):
            // ["OK","…64…",true,
            let verdict = payload.lowerBound + 73
            return verdict < payload.upperBound && buffer[verdict] == UInt8(ascii: "t") ? .accepted : .refused
        default: return .other
        }
    }

    private func skipHandshake() throws {
        while true {
            if let end = buffer[start..<end].firstRange(of: Array("\r\n\r\n".utf8)) {
                start = end.upperBound
                return
            }
            try fill()
        }
    }
}
