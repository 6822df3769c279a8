// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NostrCore

/// Gathers everything about many repositories from four upstreams, each event held by two of them; then starts
/// again where it was.
///
/// The upstreams are rookeries with open admission: what they were asked is read from their own metrics.
struct GatherBench {
    let binary: String
    let directory: String
    let repositories: Int
    private let upstreams = 4

    func run() throws {
        let events = RepositoryEvents.make(repositories, keys: MixedEvents().keys)
        let relays = try (0..<upstreams).map { try upstream($0, holding: events) }
        defer { for relay in relays { _ = relay.process.stop() } }
        let first = try gather(events.count, from: relays, into: "gathered")
        Row(
            "gathering \(events.count) events of \(repositories) repositories, confirmed",
            String(format: "%.2f s", first.seconds),
            String(
                format: "%.0f events/s, %.2f s of processor", Double(events.count) / first.seconds,
                first.processor)
        ).show()
        Row(
            "REQs to the four upstreams", String(format: "%.0f", first.requests),
            String(format: "%.0f live subscriptions open at the end", first.subscriptions)
        ).show()
        Row(
            "bytes received", String(format: "%.1f MB", first.bytes / 1e6),
            String(format: "anonymous memory %.0f MB", first.memory / 1e6)
        ).show()
        let second = try gather(events.count, from: relays, into: "gathered")
        Row(
            "after a restart: bytes received", String(format: "%.2f MB", second.bytes / 1e6),
            String(
                format: "%.2f %% of before, %.0f REQs, %.2f s", 100 * second.bytes / first.bytes,
                second.requests, second.seconds)
        ).show()
    }

    private struct Relay {
        let process: MeasuredProcess
        let port: Int
    }

    /// What one start showed.
    private struct Outcome {
        var seconds = 0.0
        var processor = 0.0
        var memory = 0.0
        var bytes = 0.0
        var requests = 0.0
        var subscriptions = 0.0
    }

    /// A relay that holds two of every four events, its neighbours the others.
    private func upstream(_ number: Int, holding events: [Event]) throws -> Relay {
        let (file, data) = ("\(directory)/upstream\(number).jsonl", "\(directory)/upstream\(number)")
        var lines: [UInt8] = []
        for (index, event) in events.enumerated()
        where index % upstreams == number || (index + 1) % upstreams == number {
            lines += event.json + [UInt8(ascii: "\n")]
        }
        try Data(lines).write(to: URL(fileURLWithPath: file))
        let cost = try MeasuredProcess(
            binary, ["import", file, "--data-dir", data], log: data + ".import.log"
        ).wait()
        guard cost.code == 0 else { throw MeasuredProcess.Failed(description: "see \(data).import.log") }
        return try serve(data, "[sync]\nenabled = false\n")
    }

    private func serve(_ data: String, _ config: String) throws -> Relay {
        let port = try freePort()
        try config.write(toFile: data + ".toml", atomically: true, encoding: .utf8)
        let process = try MeasuredProcess(
            binary,
            ["serve", "--config", data + ".toml", "--data-dir", data, "--listen", "127.0.0.1:\(port)"],
            log: data + ".log")
        try wait("\(data).log") { metrics(port)["rookery_store_events"] != nil }
        return Relay(process: process, port: port)
    }

    private func gather(_ count: Int, from relays: [Relay], into name: String) throws -> Outcome {
        let before = relays.map { metrics($0.port)[Self.requests] ?? 0 }.reduce(0, +)
        let urls = relays.map { "\"ws://127.0.0.1:\($0.port)\"" }.joined(separator: ", ")
        let start = Clock.now
        let own = try serve(
            "\(directory)/\(name)",
            """
            [relay]
            domain = "\(RepositoryEvents.service)"
            admission = "grasp"
            [sync]
            bootstrap = [\(urls)]
            batch_window_ms = 100
            """)
        defer { _ = own.process.stop() }
        var last: [String: Double] = [:]
        try wait("\(directory)/\(name).log") {
            last = metrics(own.port)
            let isQuiet = last["rookery_sync_pending_batches"] == 0
            let missing = relays.map {
                last["rookery_sync_missing_items{relay=\"ws://127.0.0.1:\($0.port)\"}"] ?? 1
            }
            return isQuiet && last["rookery_store_events"] == Double(count) && missing.allSatisfy { $0 == 0 }
        }
        var outcome = Outcome()
        outcome.seconds = Clock.now - start
        outcome.processor = last["process_cpu_seconds_total"] ?? 0
        outcome.memory = last["rookery_memory_anonymous_bytes"] ?? 0
        outcome.bytes = last["rookery_sync_received_bytes_total"] ?? 0
        outcome.requests = relays.map { metrics($0.port)[Self.requests] ?? 0 }.reduce(0, +) - before
        outcome.subscriptions = last.filter { $0.key.hasPrefix("rookery_sync_subscriptions{") }.values.reduce(
            0, +)
        return outcome
    }

    private static let requests = "rookery_relay_client_messages_total{verb=\"REQ\"}"

    private func wait(_ log: String, until isDone: () throws -> Bool) throws {
        let patience = Clock.now + 600
        while try !isDone() {
            guard Clock.now < patience else { throw MeasuredProcess.Failed(description: "see \(log)") }
            usleep(50_000)
        }
    }

    /// Every sample of a relay's metrics, by the text before the value; nothing while it does not answer.
    private func metrics(_ port: Int) -> [String: Double] {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let request = Array("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        guard isConnected, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
        else { return [:] }
        var (page, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            page += chunk[..<count]
        }
        return String(decoding: page, as: UTF8.self).split(separator: "\n").reduce(into: [:]) {
            samples, line in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }

    private func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// A port on 127.0.0.1 that nobody listens on now.
    private func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard result else { throw MeasuredProcess.Failed(description: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
