// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Connections of the load generator that one thread serves, with as little work as possible beside the relay's: frames
/// are ready before the clock runs, answers are told apart by their first bytes, and nothing is allocated on the way.
final class LoadGroup {
    let connections: [LoadConnection]
    /// What each of them has to say.
    private let frames: [FrameList]
    private let epoll = Epoll()
    private let room: UnsafeMutableRawPointer
    private var scans: [FrameScan]
    /// Of each connection: where it stands in its frames, and how far it may go.
    private var written: [Int]
    private var allowed: [Int]
    private var isBlocked: [Bool]

    /// **Bytes** read at once.
    private static let roomSize = 1 << 18

    /// - Parameter frames: one list for each connection.
    init(port: Int, saying frames: [FrameList]) throws {
        self.frames = frames
        connections = try frames.map { _ in try LoadConnection(port: port, holding: 1 << 10) }
        room = .allocate(byteCount: FrameScan.spare + Self.roomSize, alignment: 16)
        scans = connections.map { _ in FrameScan() }
        written = connections.map { _ in 0 }
        allowed = written
        isBlocked = connections.map { _ in false }
        for (number, connection) in connections.enumerated() {
            epoll.watch(connection.descriptor, as: number)
            // What a relay says before it is asked anything may have come with the handshake.
            let rest = connection.takeRest()
            (room + FrameScan.spare).copyMemory(from: rest, byteCount: rest.count)
            scans[number].scan(room + FrameScan.spare, rest.count) { _ in }
        }
    }

    deinit { room.deallocate() }

    /// Says frame `index` alone; the relay reads it when it has answered the last one.
    func say(_ index: Int, on number: Int) throws {
        let range = frames[number][index]
        let count = frames[number].bytes.withUnsafeBytes {
            send(
                connections[number].descriptor, $0.baseAddress.map { $0 + range.lowerBound }, range.count,
                Int32(MSG_NOSIGNAL))
        }
        guard count == range.count else {
            throw LoadConnection.Failed(description: "the relay does not read")
        }
    }

    /// Says the first `count` frames, as far as they were not said; what finds no room goes out when there is some.
    func say(first count: Int, on number: Int) throws {
        allowed[number] = frames[number].end(of: count)
        if !isBlocked[number] { try push(number) }
    }

    /// Waits `seconds` at most, and reads once of every connection that has something.
    func turn(
        seconds: Double, _ take: (_ connection: Int, _ answer: LoadConnection.Answer) throws -> Void
    ) throws {
        try epoll.wait(seconds: seconds) { number, hasRoom in
            if hasRoom { try push(number) }
            let start = room + FrameScan.spare
            let count = recv(connections[number].descriptor, start, Self.roomSize, Int32(MSG_DONTWAIT))
            if count < 0 && errno == EAGAIN { return }
            guard count > 0 else {
                throw LoadConnection.Failed(description: "the relay closed a connection")
            }
            try scans[number].scan(start, count) { try take(number, $0) }
        }
    }

    private func push(_ number: Int) throws {
        let socket = connections[number].descriptor
        while written[number] < allowed[number] {
            let count = frames[number].bytes.withUnsafeBytes {
                send(
                    socket, $0.baseAddress.map { $0 + written[number] }, allowed[number] - written[number],
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0 && errno == EAGAIN { return block(number, true) }
            guard count > 0 else { throw LoadConnection.Failed(description: "the relay does not read") }
            written[number] += count
        }
        block(number, false)
    }

    private func block(_ number: Int, _ waits: Bool) {
        guard isBlocked[number] != waits else { return }
        isBlocked[number] = waits
        epoll.watch(connections[number].descriptor, as: number, forRoom: waits, again: true)
    }
}
