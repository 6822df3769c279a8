// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// The floor of everything that is asked of a relay: one thread that reads frames and writes answers it had before, and
/// does nothing else. It reads no JSON, checks no signature, matches nothing and keeps nothing.
///
/// It runs as a process of its own, as the relay does, and speaks just enough WebSocket for the load generator:
///
///     REQ of the id `live`   EOSE; from then on every EVENT that anybody sends
///     REQ of a number        the answer of that number, as a relay gave it; EOSE when there is none
///     EVENT                  to all who are live; OK when nobody is
final class BareServer {
    private let listener: Int32
    private let answers: [[UInt8]]
    private let epoll = Epoll(room: 1024)
    private var clients: [Int32: Client] = [:]
    private var subscribers: [Int32] = []
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)

    /// What has come of a frame that is not whole yet, and whether the handshake is over.
    private struct Client {
        var cut: [UInt8] = []
        var isOpen = false
    }

    /// - Parameter answers: file of recorded answers (``RecordedAnswers``).
    init(port: Int, answers: String?) throws {
        listener = try LoopbackSocket.listen(port).descriptor
        self.answers = try answers.map(RecordedAnswers.read) ?? []
        epoll.watch(listener, as: Int(listener))
    }

    deinit { room.deallocate() }

    /// Until the process is ended.
    func serve() -> Never {
        while true {
            epoll.wait(seconds: 1) { tag, _ in
                let socket = Int32(tag)
                if socket == listener { accept() } else { read(socket) }
            }
        }
    }

    private func accept() {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return }
        LoopbackSocket.hurry(socket)
        clients[socket] = Client()
        epoll.watch(socket, as: Int(socket))
    }

    private func read(_ socket: Int32) {
        let count = recv(socket, room.baseAddress, room.count, Int32(MSG_DONTWAIT))
        guard count > 0, let client = clients[socket] else {
            clients[socket] = nil
            subscribers.removeAll { $0 == socket }
            close(socket)
            return
        }
        let fresh = UnsafeRawBufferPointer(rebasing: room[..<count])
        guard client.isOpen else { return shake(socket, client.cut + fresh) }
        if client.cut.isEmpty {
            let rest = hear(fresh, of: socket)
            if rest < count { clients[socket]?.cut = Array(fresh[rest...]) }
        } else {
            let bytes = client.cut + fresh
            let rest = bytes.withUnsafeBytes { hear($0, of: socket) }
            clients[socket]?.cut = Array(bytes[rest...])
        }
    }

    /// Answers any handshake with the same words: the load generator does not look at them.
    private func shake(_ socket: Int32, _ head: [UInt8]) {
        let end = Array("\r\n\r\n".utf8)
        guard head.suffix(4) == end[...] else {
            clients[socket]?.cut = head
            return
        }
        clients[socket] = Client(isOpen: true)
        send(
            Array(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n".utf8),
            to: socket)
    }

    /// Answers all whole frames in `bytes`, with one write for each who is answered.
    ///
    /// - Returns: where the first one begins that is not whole.
    private func hear(_ bytes: UnsafeRawBufferPointer, of socket: Int32) -> Int {
        var (at, own, live) = (0, [UInt8](), [UInt8]())
        while let (payload, end) = WireFrame.clientFrame(in: bytes, from: at) {
            answer(bytes[payload], of: socket, &own, &live)
            at = end
        }
        if !own.isEmpty { send(own, to: socket) }
        if !live.isEmpty { for subscriber in subscribers { send(live, to: subscriber) } }
        return at
    }

    private func answer(
        _ message: Slice<UnsafeRawBufferPointer>, of socket: Int32, _ own: inout [UInt8],
        _ live: inout [UInt8]
    ) {
        guard message.count > 9 else { return }
        switch message[message.startIndex + 2] {
        case UInt8(ascii: "E") where subscribers.isEmpty: own += Self.accepted
        case UInt8(ascii: "E"):
            let event = message.dropFirst(9)
            live += WireFrame.header(Self.event.count + event.count) + Self.event
            live += UnsafeRawBufferPointer(rebasing: event)
        case UInt8(ascii: "R") where message[message.startIndex + 8] == UInt8(ascii: "l"):
            subscribers.append(socket)
            own += Self.endOfStored
        case UInt8(ascii: "R"):
            let digits = message.dropFirst(8).prefix { $0 != UInt8(ascii: "\"") }
            let number = digits.reduce(0) { $0 * 10 + Int($1 & 15) }
            // The one long answer is not copied.
            if number < answers.count { send(answers[number], to: socket) } else { own += Self.endOfStored }
        default: return
        }
    }

    private static let event = Array("[\"EVENT\",\"live\",".utf8)
    private static let endOfStored = framed("[\"EOSE\",\"live\"]")
    private static let accepted = framed("[\"OK\",\"\(String(repeating: "0", count: 64))\",true,\"\"]")

    private static func framed(_ text: String) -> [UInt8] {
        WireFrame.header(text.utf8.count) + Array(text.utf8)
    }

    private func send(_ bytes: [UInt8], to socket: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
