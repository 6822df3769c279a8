// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// A rookery that serves, and what its metrics say.
struct RunningRelay {
    let process: MeasuredProcess
    let port: Int
    private let log: String

    /// Starts one on a port of its own and waits until it answers; its log lies beside its data.
    init(_ binary: String, _ data: String, _ config: String) throws {
        port = try LoopbackSocket.freePort()
        log = data + ".log"
        try config.write(toFile: data + ".toml", atomically: true, encoding: .utf8)
        process = try MeasuredProcess(
            binary,
            ["serve", "--config", data + ".toml", "--data-dir", data, "--listen", "127.0.0.1:\(port)"],
            log: log)
        try wait { metrics["rookery_store_events"] != nil }
    }

    /// Asks twenty times a second, for ten minutes at most.
    func wait(until isDone: () throws -> Bool) throws {
        let patience = Clock.now + 600
        while try !isDone() {
            guard Clock.now < patience else { throw MeasuredProcess.Failed(description: "see \(log)") }
            usleep(50_000)
        }
    }

    /// Every sample of its metrics, by the text before the value; nothing while it does not answer.
    var metrics: [String: Double] {
        guard let descriptor = LoopbackSocket.connect(to: port) else { return [:] }
        defer { close(descriptor) }
        let request = Array("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
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
}
