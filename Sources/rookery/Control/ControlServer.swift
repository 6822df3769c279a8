// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Telemetry

/// The daemon's end of the control socket, which only the owner of the data directory can open.
struct ControlServer: Service {
    /// Does what a request asks; `lines` are an import's.
    typealias Answer = @Sendable (ControlRequest, _ lines: [LineBuffer.Line]) async -> ControlAnswer

    let directory: DataDirectory
    let group: any EventLoopGroup
    let maxLineLength: Int
    let logger: Logger
    let answer: Answer

    func run() async throws {
        let server = try await bind()
        try await server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { tasks in
                let open = OpenCount()
                for try await client in clients.cancelOnGracefulShutdown() {
                    guard open.enter() else {
                        let refusal = ControlCoding.line(
                            ControlAnswer.failure("too many tools are connected"))
                        client.writeAndFlush(ByteBuffer(bytes: refusal)).whenComplete { _ in
                            client.close(promise: nil)
                        }
                        continue
                    }
                    tasks.addTask {
                        defer { open.leave() }
                        await serve(client)
                    }
                }
                // A tool that is waiting for nothing must not hold up the end.
                tasks.cancelAll()
            }
        }
        unlink(directory.controlSocket)
    }

    /// Bound under another name first, so that it has its mode before anyone can find it.
    ///
    /// A connection is handed on as it is and read from only once it is served: one that comes in while the daemon
    /// stops is then merely closed.
    private func bind() async throws -> NIOAsyncChannel<any Channel, Never> {
        let draft = try ControlSocketPath(directory, name: "control.new")
        let path = try ControlSocketPath(directory)
        unlink(draft.path)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 16)
            .childChannelOption(.autoRead, value: false)
            .bind(unixDomainSocketPath: draft.path) { $0.eventLoop.makeSucceededFuture($0) }
        guard chmod(draft.path, 0o600) == 0, rename(draft.path, path.path) == 0 else {
            let failure = CommandFailure("\(directory.controlSocket): \(SystemError.last)")
            try await server.executeThenClose { _ in }
            throw failure
        }
        return server
    }

    private func serve(_ channel: any Channel) async {
        do {
            let client = try await channel.eventLoop.submit {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }.get()
            try await client.executeThenClose { input, output in
                try await channel.setOption(.autoRead, value: true).get()
                var conversation = ControlConversation(maxLineLength: maxLineLength)
                for try await chunk in input {
                    conversation.append(chunk.readableBytesView)
                    while let step = conversation.next() {
                        switch step {
                        case .perform(let request, let lines):
                            let line = ControlCoding.line(await answer(request, lines))
                            try await output.write(ByteBuffer(bytes: line))
                        case .refuse(let reason):
                            let line = ControlCoding.line(ControlAnswer.failure(reason))
                            try await output.write(ByteBuffer(bytes: line))
                            return
                        }
                    }
                }
            }
        } catch {
            logger.debug("control connection ended", metadata: [LogKey.error: "\(error)"])
        }
    }
}
