// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// A burst of posts at the stand-in for X, until each is an event of the relay.
struct BridgeBench {
    let report: Report
    let binary: String
    let directory: String

    func run() throws {
        guard report.wants("bridge") else { return }
        let (port, posts) = (try LoopbackSocket.freePort(), report.isQuick ? 100 : 1_000)
        let standIn = try MeasuredProcess(
            binary, ["bridge", "stand-in", "--port", "\(port)"], log: directory + "/standin.log")
        defer { _ = standIn.stop() }
        while LoopbackSocket.connect(to: port).map({ close($0) }) == nil { usleep(10_000) }
        try say("users", #"{"username":"ada","name":"Ada"}"#, port)
        setenv("ROOKERY_BRIDGE_BEARER_TOKEN", "standin-app-token", 1)
        setenv(
            "ROOKERY_BRIDGE_MNEMONIC",
            (Array(repeating: "abandon", count: 11) + ["about"]).joined(separator: " "), 1)
        let relay = try RunningRelay(
            binary, directory + "/bridge",
            """
            log_level = "error"
            [bridge]
            enabled = true
            api_base_url = "http://127.0.0.1:\(port)"
            accounts = ["ada"]
            daily_spend_cap_usd = 1000.0
            """)
        defer { _ = relay.process.stop() }
        // The first one says that the account is read.
        try say("posts", #"{"user":"ada","text":"first"}"#, port)
        try relay.wait { try events(relay) >= 1 }
        let (before, start, spent) = (try events(relay), Clock.now, relay.process.processorSeconds())
        for number in 0..<posts { try say("posts", #"{"user":"ada","text":"post \#(number)"}"#, port) }
        let said = Clock.now - start
        try relay.wait { try events(relay) >= before + posts }
        let took = Clock.now - start
        var row = Row("bridge", "posts mirrored, \(posts) in one burst", Double(posts) / took, "/s")
            .floor("posts that the stand-in takes", [Double(posts) / said])
        row.relayCost = (relay.process.processorSeconds() - spent) / Double(posts) * 1e6
        try report.add(row)
    }

    /// Notes that clients can read.
    private func events(_ relay: RunningRelay) throws -> Int {
        let connection = try LoadConnection(port: relay.port)
        try connection.write(LoadConnection.frame(#"["REQ","q",{"kinds":[1],"limit":5000}]"#))
        var count = 0
        while case let answer = try connection.next(), answer != .endOfStored {
            count += answer == .event ? 1 : 0
        }
        return count
    }

    private func say(_ what: String, _ body: String, _ port: Int) throws {
        guard let socket = LoopbackSocket.connect(to: port) else {
            throw LoadConnection.Failed(description: "the stand-in is gone")
        }
        defer { close(socket) }
        let request = Array(
            "POST /admin/\(what) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
                .utf8)
        var (answer, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 4096))
        send(socket, request, request.count, Int32(MSG_NOSIGNAL))
        while case let count = recv(socket, &chunk, chunk.count, 0), count > 0 { answer += chunk[..<count] }
        guard answer.starts(with: Array("HTTP/1.1 20".utf8)) else {
            throw LoadConnection.Failed(description: String(decoding: answer.prefix(300), as: UTF8.self))
        }
    }
}
