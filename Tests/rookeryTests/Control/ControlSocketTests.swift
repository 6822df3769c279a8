// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import TestSupport
import Testing

@testable import rookery

@Suite struct ControlSocketTests {
    let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    /// Runs a control server that answers with the lines it got, until `body` has ended.
    private func withServer(
        _ directory: DataDirectory, _ body: @Sendable @escaping (DataDirectory) throws -> Void
    ) async throws {
        try directory.create()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = ControlServer(
            directory: directory, group: .singletonMultiThreadedEventLoopGroup, maxLineLength: 1000,
            logger: logger
        ) { request, lines in ControlAnswer(notes: [request.command.rawValue, "\(lines.count)"]) }
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the control socket", within: .seconds(60)) {
                FileManager.default.fileExists(atPath: directory.controlSocket)
            }
            try await Self.onOwnThread { try body(directory) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(!FileManager.default.fileExists(atPath: directory.controlSocket))
    }

    @Test(arguments: ["data", String(repeating: "deep", count: 40)])
    func `a tool asks and is answered, however long the path`(name: String) async throws {
        try await withServer(DataDirectory(temporary.file(name))) { directory in
            guard var client = try ControlClient.reach(directory) else {
                Issue.record("nobody listens")
                return
            }
            #expect(try client.ask(ControlRequest(command: .reload)).notes == ["reload", "0"])
            let request = ControlRequest(command: .importEvents, lines: 2)
            #expect(try client.ask(request, payload: Array("a\nb\n".utf8)).notes == ["import", "2"])
        }
    }

    @Test func `only its owner may open it`() async throws {
        try await withServer(DataDirectory(temporary.file("data"))) { directory in
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.controlSocket)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func `a request of another version is refused and the line closed`() async throws {
        try await withServer(DataDirectory(temporary.file("data"))) { directory in
            guard var client = try ControlClient.reach(directory) else {
                Issue.record("nobody listens")
                return
            }
            let request = ControlRequest(version: 7, command: .reload)
            #expect(throws: CommandFailure.self) { try client.ask(request) }
            #expect(throws: CommandFailure.self) { try client.ask(ControlRequest(command: .reload)) }
        }
    }

    @Test func `a tool that says nothing does not hold up the end`() async throws {
        // A connection of its own, so that it stays open past the server's end.
        let directory = DataDirectory(temporary.file("data"))
        let silent = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(silent) }
        try await withServer(directory) { directory in
            var address = Self.address(directory)
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(silent, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            #expect(status == 0)
        }
    }

    @Test func `what a daemon that was killed left behind is no daemon`() async throws {
        let directory = DataDirectory(temporary.file("data"))
        try directory.create()
        #expect(try Self.isSilent(directory))
        let left = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(left) }
        var address = Self.address(directory)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(left, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(bound == 0)
        #expect(try Self.isSilent(directory))
    }

    /// Calls that block, beside the few threads that run the tests and the server.
    private static func onOwnThread(_ body: @Sendable @escaping () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { waiting in
            DispatchQueue(label: "tool").async { waiting.resume(with: Result(catching: body)) }
        }
    }

    /// Whether no daemon answers.
    private static func isSilent(_ directory: DataDirectory) throws -> Bool {
        let client = try ControlClient.reach(directory)
        return client == nil
    }

    private static func address(_ directory: DataDirectory) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: directory.controlSocket.utf8) }
        return address
    }
}
