// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayTransport
import TestSupport
import Testing

/// The dialer with Python's `websockets` as its server.
@Suite(.enabled(if: PythonPeer.isInstalled, Comment(rawValue: PythonPeer.missing)))
struct PythonServerTests {
    @Test func `a server written by others is content`() async throws {
        let server = try PythonPeer.start(Self.program)
        let line = try await server.output.line("the port") { $0.hasPrefix("port ") }
        let port = try #require(Int(line.dropFirst(5)))
        try await Dialer.run { dialer in
            let log = try await dialer.conversation(with: .local(port))
            let texts =
                [0, 1, 125, 126, 65_535, 65_536, 500_000].map { String(repeating: "x", count: $0) } + ["🪶 é"]
            try await log.withConnection { connection in
                for text in texts { connection.send(Array(text.utf8).span) }
                connection.flush()
            }
            try await eventually("the echoes") { log.entries.messages == texts }
            try await log.withConnection { connection in
                connection.send(Array("pieces".utf8).span)
                connection.flush()
            }
            try await eventually("the pieces") { log.entries.messages.last == "one two 🪶" }
            try await log.withConnection { connection in
                connection.send(Array("close".utf8).span)
                connection.flush()
            }
            #expect(try await log.end() == .closedByPeer(CloseCode(rawValue: 4002), reason: "as you wish"))

            let other = try await dialer.conversation(with: .local(port))
            try await other.withConnection { $0.close(.normal, reason: "bye") }
            _ = try await server.output.line("the close code") { $0 == "closed 1000 bye" }
            await #expect(throws: DialError.http(status: 404)) {
                try await dialer.conversation(with: .local(port, path: "/missing"))
            }
        }
        try await server.kill()
    }

    private static let program = """
        import asyncio, http, websockets
        from websockets.asyncio.server import serve

        async def handler(ws):
            try:
                async for message in ws:
                    if message == "pieces":
                        await ws.send(["one ", "two ", "🪶"])
                    elif message == "close":
                        await ws.close(4002, "as you wish")
                    else:
                        await ws.send(message)
            finally:
                print("closed", ws.close_code, ws.close_reason)

        def route(connection, request):
            if request.path == "/missing":
                return connection.respond(http.HTTPStatus.NOT_FOUND, "no")

        async def main():
            async with serve(handler, "127.0.0.1", 0, process_request=route, max_size=None) as server:
                print("port", server.sockets[0].getsockname()[1])
                await asyncio.get_running_loop().create_future()

        asyncio.run(main())
        """
}
