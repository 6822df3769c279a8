// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// The built `rookery`, started as its operator would start it.
public final class RookeryProcess: Sendable {
    /// Where the built binary lies, and how to find a free port.
    public enum Product {
        /// `ROOKERY_BINARY` when set, else the `rookery` that lies beside the running test bundle.
        public static var path: String {
            if let path = ProcessInfo.processInfo.environment["ROOKERY_BINARY"] { return path }
            let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            return bundle.deletingLastPathComponent().appendingPathComponent("rookery").path
        }
    }

    /// The running program.
    public let process: ChildProcess
    /// The port it listens on, on 127.0.0.1.
    public let port: Int
    /// Where it keeps its data.
    public let dataDirectory: String

    private init(process: ChildProcess, port: Int, dataDirectory: String) {
        self.process = process
        self.port = port
        self.dataDirectory = dataDirectory
    }

    /// Its WebSocket address.
    public var url: String { "ws://127.0.0.1:\(port)" }

    /// Runs `rookery serve` and waits until it says that it is ready.
    ///
    /// - Parameters:
    ///   - dataDirectory: kept by the caller, so that a second start finds what the first left.
    ///   - config: TOML, written to a file beside the data; `nil` for no file at all.
    ///   - port: the port to listen on, 0 for any.
    ///   - arguments: further flags.
    /// - Throws: ``TimedOut`` with the end of its log.
    public static func serve(
        dataDirectory: String, config: String? = nil, port: Int = 0, _ arguments: [String] = [],
        environment: [String: String] = [:], within limit: Duration = .seconds(20)
    ) async throws -> RookeryProcess {
        // A port of our choice, so that a restart can have the same one and upstreams find it again.
        let port = port == 0 ? try freePort() : port
        var flags = ["serve", "--data-dir", dataDirectory, "--listen", "127.0.0.1:\(port)"]
        if let config {
            let file = dataDirectory + ".toml"
            try config.write(toFile: file, atomically: true, encoding: .utf8)
            flags += ["--config", file]
        }
        let process = try ChildProcess(Product.path, flags + arguments, environment: environment)
        let rookery = RookeryProcess(process: process, port: port, dataDirectory: dataDirectory)
        try await rookery.waitUntilHealthy(within: limit)
        return rookery
    }

    /// Runs any other command to its end.
    ///
    /// - Returns: how it ended, with everything it wrote.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], input: [String] = [],
        within limit: Duration = .seconds(60)
    ) async throws -> (exit: ChildProcess.Exit, output: String, errors: String) {
        let process = try ChildProcess(Product.path, arguments, environment: environment)
        for line in input { process.write(line: line) }
        process.closeInput()
        let exit = try await process.waitForExit(within: limit)
        let output = try await process.output.all().joined(separator: "\n")
        return (exit, output, try await process.errors.all().joined(separator: "\n"))
    }

    /// Asks for `path` over HTTP.
    public func get(
        _ path: String, method: String = "GET", headers: [String: String] = [:]
    ) async throws -> HTTPAnswer {
        try await HTTPAnswer.get(path, from: port, method: method, headers: headers)
    }

    /// A WebSocket connection to it.
    public func connect(receiveBuffer: Int32? = nil) async throws -> RawWebSocket {
        try await RawWebSocket.connect(to: port, receiveBuffer: receiveBuffer)
    }

    /// Every sample of its metrics, by the text before the value.
    public func metrics() async throws -> [String: Double] {
        let lines = try await get("/metrics").text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.reduce(into: [:]) { samples, line in
            guard let space = line.lastIndex(of: " ") else { return }
            samples[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }

    /// Anonymous resident memory, in **bytes** (`RssAnon` of `/proc`).
    public func anonymousMemory() throws -> Int { try Self.anonymousMemory(of: process.pid) }

    /// Anonymous resident memory of any process, in **bytes**.
    public static func anonymousMemory(of pid: Int32) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") } ?? ""
        return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
    }

    /// The time that processors have spent on a process, with what the kernel did for it.
    public static func processorTime(of pid: Int32) throws -> Duration {
        let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        // The name stands in parentheses and may hold anything; the times are the 12th and 13th word after it.
        let words = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        let ticks = words.dropFirst(12).prefix(2).compactMap { Int64($0) }.reduce(0, +)
        return .milliseconds(ticks * 1000 / Int64(sysconf(Int32(_SC_CLK_TCK))))
    }

    /// Stops it as an operator would (SIGTERM).
    @discardableResult
    public func stop(within limit: Duration = .seconds(10)) async throws -> ChildProcess.Exit {
        process.signal(SIGTERM)
        return try await process.waitForExit(within: limit)
    }

    /// Stops it as a power cut would (SIGKILL).
    public func kill() async throws { try await process.kill() }

    /// A port on 127.0.0.1 that nobody listens on now.
    public static func freePort() throws -> Int { try TCPSocket.freePort() }

    private func waitUntilHealthy(within limit: Duration) async throws {
        do {
            try await eventually("rookery to be ready", within: limit) {
                if let exit = process.exit { throw Died(exit: exit, log: process.lastWords) }
                return (try? await get("/healthz").status) == 200
            }
        } catch let error as TimedOut {
            throw TimedOut("\(error.what), which said:\n\(process.lastWords)", after: limit)
        }
    }

    /// It ended before it was ready.
    public struct Died: Error {
        /// How it ended.
        public let exit: ChildProcess.Exit
        /// The end of its log.
        public let log: String
    }
}
