// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import Logging
import NIOConcurrencyHelpers
import TestSupport
import TweetCore

@testable import TweetBridge

/// A real Redis on a free loopback port, for as long as the value lives.
final class RedisServer: Sendable {
    static let path = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let port: Int
    let address: RedisAddress
    private let directory: TemporaryDirectory
    private let process: ChildProcess
    let link: RedisLink

    init(password: String? = nil, port given: Int? = nil) async throws {
        guard let path = Self.path else { throw Missing() }
        directory = try TemporaryDirectory()
        let port = try given ?? Self.freePort()
        self.port = port
        var arguments = [
            "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
            directory.path,
        ]
        if let password { arguments += ["--requirepass", password] }
        process = try ChildProcess(path, arguments)
        let shown = password.map { ":\($0.replacing("@", with: "%40"))@" } ?? ""
        address = try RedisAddress("redis://\(shown)127.0.0.1:\(port)/2")
        link = RedisLink(address)
        try await eventually("redis", within: .seconds(60)) {
            do { try await link.connect() } catch { return false }
            return true
        }
    }

    struct Missing: Error, CustomStringConvertible { let description = "redis-server is not installed" }

    func stop() async throws {
        await link.close()
        try await process.kill()
    }

    func push(_ items: String...) async throws {
        for item in items { _ = try await link.ask(["RPUSH", "write_queue", item]) }
    }

    func list(_ name: String) async throws -> [String] {
        guard case .list(let items) = try await link.ask(["LRANGE", name, "0", "-1"]) else { return [] }
        return items.compactMap {
            if case .bytes(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }

    /// Whether nothing waits and nothing is in hand.
    func isDone() async throws -> Bool {
        let waiting = try await list("write_queue")
        let inHand = try await list("write_queue:processing")
        return waiting.isEmpty && inHand.isEmpty
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard result else { throw Missing() }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
