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
                        try? await client.executeThenClose { _, output in
                            let refusal = ControlAnswer.failure("too many tools are connected")
                            try await output.write(ByteBuffer(bytes: ControlCoding.line(refusal)))
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
    private func bind() async throws -> NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never> {
        let draft = try ControlSocketPath(directory, name: "control.new")
        let path = try ControlSocketPath(directory)
        unlink(draft.path)
        let server = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 16)
            .bind(unixDomainSocketPath: draft.path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        guard chmod(draft.path, 0o600) == 0, rename(draft.path, path.path) == 0 else {
            throw CommandFailure("\(directory.controlSocket): \(SystemError.last)")
        }
        return server
    }

    private func serve(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await client.executeThenClose { input, output in
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
