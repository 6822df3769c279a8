// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// One way to abuse a relay, again and again, each time from another address.
///
/// Each keeps to a pace, so that what is measured is the relay rather than who gets the processors.
final class Abuser: @unchecked Sendable {
    // Belongs to the thread that abuses; `count` is read once that has ended.
    let name: String
    private(set) var count = 0
    private let network: Int
    private let port: Int
    private let pause: UInt32
    private let work: (Abuser) throws -> Void
    private var rng: SeededGenerator
    /// Connections that are held on to, the oldest first.
    private var held: [LoadConnection] = []

    /// - Parameter pause: **microseconds** between two turns.
    private init(
        _ name: String, network: Int, port: Int, pause: UInt32, _ work: @escaping (Abuser) throws -> Void
    ) {
        (self.name, self.network, self.port, self.pause, self.work) = (name, network, port, pause, work)
        rng = SeededGenerator(seed: UInt64(network))
    }

    /// Being thrown out is what abusers are used to.
    func turn() {
        try? work(self)
        count += 1
        usleep(pause)
    }

    func leave() { held = [] }

    static func all(port: Int) -> [Abuser] {
        [
            Abuser("garbage", network: 20, port: port, pause: 20_000) { try $0.garbage() },
            Abuser("broken frames", network: 21, port: port, pause: 20_000) { try $0.brokenFrames() },
            Abuser("connection storm", network: 22, port: port, pause: 2_000) { try $0.storm() },
            Abuser("never reading", network: 23, port: port, pause: 100_000) { try $0.neverRead() },
            Abuser("giant requests", network: 24, port: port, pause: 200_000) { try $0.giantRequest() },
            Abuser("half closed", network: 25, port: port, pause: 20_000) { try $0.halfClose() },
            Abuser("false events", network: 26, port: port, pause: 20_000) { try $0.falseEvents() },
        ]
    }

    private func connect(receiveBuffer: Int32? = nil) throws -> LoadConnection {
        let host = Int(rng.next() % 60_000)
        return try LoadConnection(
            port: port, for: "\(network).7.\(host >> 8).\(host & 255)", holding: 4_096,
            receiveBuffer: receiveBuffer, patience: 2)
    }

    private func hold(_ connection: LoadConnection, atMost most: Int) {
        held.append(connection)
        if held.count > most { held.removeFirst() }
    }

    /// A part of what was prepared.
    private func noise(_ count: Int) -> [UInt8] {
        let start = Int(rng.next() % UInt64(Self.noise.count - count))
        return Array(Self.noise[start..<start + count])
    }

    /// Two hundred messages that make no sense.
    private func garbage() throws {
        let connection = try connect()
        let size = Int(rng.next() % 400)
        try connection.write((0..<200).flatMap { _ in LoadConnection.frame(noise(size)) })
        hold(connection, atMost: 20)
    }

    /// What is no frame, a compressed one that nobody agreed to, one of which there is always more to come.
    private func brokenFrames() throws {
        let connection = try connect()
        switch rng.next() % 4 {
        case 0: try connection.write(noise(2_000))
        case 1: try connection.write([0xC1, 0x80, 0, 0, 0, 0])
        case 2: try connection.write([0x81, 0xFF, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0] + noise(1_000_000))
        default: try connection.write([0x01, 0x81, 0, 0, 0, 0, 0x5B])
        }
        hold(connection, atMost: 50)
    }

    /// Comes and goes, at times in the midst of the handshake.
    private func storm() throws {
        if rng.next() % 2 == 0 { return _ = try connect() }
        let raw = try RawSocket(port: port)
        if rng.next() % 2 == 0 { raw.write(Array("GET / HTTP/1.1\r\nHost: x\r\nUpgr".utf8)) }
    }

    /// Asks for everything, and for all that is to come, and reads nothing.
    private func neverRead() throws {
        let connection = try connect(receiveBuffer: 4_096)
        for number in 0..<20 {
            try connection.write(LoadConnection.frame("[\"REQ\",\"all\(number)\",{\"limit\":5000}]"))
        }
        hold(connection, atMost: 30)
    }

    /// Three of the requests that were prepared.
    private func giantRequest() throws {
        let connection = try connect()
        for number in 0..<3 { try connection.write(Self.giants[(3 * count + number) % Self.giants.count]) }
        hold(connection, atMost: 5)
    }

    /// Says no more, and does not go.
    private func halfClose() throws {
        let connection = try connect()
        try connection.write(LoadConnection.frame(#"["REQ","half",{"kinds":[1]}]"#))
        shutdown(connection.descriptor, Int32(SHUT_WR))
        hold(connection, atMost: 200)
    }

    /// Events that are hashed and found to be false.
    private func falseEvents() throws {
        let connection = try connect()
        let zeros = String(repeating: "0", count: 128)
        for _ in 0..<50 {
            let id = (0..<4).map { _ in String(format: "%016lx", Int(rng.next() >> 1)) }.joined()
            try connection.write(
                LoadConnection.frame(
                    "[\"EVENT\",{\"id\":\"\(id)\",\"pubkey\":\"\(id)\",\"created_at\":1,\"kind\":1,\"tags\":[],"
                        + "\"content\":\"\",\"sig\":\"\(zeros)\"}]"))
        }
        hold(connection, atMost: 20)
    }
}

/// Made before the abuse begins, as making it would take the processors from the relay.
extension Abuser {
    private static let noise: [UInt8] = {
        var rng = SeededGenerator(seed: 1)
        return (0..<1_100_000).map { _ in UInt8(rng.next() % 95) + 32 }
    }()

    /// A hundred filters of hundreds of keys each, more than a megabyte of them.
    private static let giants: [[UInt8]] = (0..<7).map { number in
        var rng = SeededGenerator(seed: 2 + UInt64(number))
        func key() -> String { (0..<4).map { _ in String(format: "%016lx", Int(rng.next() >> 1)) }.joined() }
        let keys = (0..<200).map { _ in "\"\(key())\"" }.joined(separator: ",")
        let filters = (0..<100).map { "{\"authors\":[\(keys)],\"kinds\":[\($0)]}" }
        return LoadConnection.frame("[\"REQ\",\"giant\(number)\",\(filters.joined(separator: ","))]")
    }

    static func prepare() { _ = (noise.count, giants.count) }
}

/// A TCP connection that says what it likes.
private final class RawSocket {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw LoadConnection.Failed(description: "cannot connect") }
    }

    func write(_ bytes: [UInt8]) { _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    deinit { close(descriptor) }
}
