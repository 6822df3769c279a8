// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import TestSupport
import Testing

/// The listener with Python's `websockets` as its client.
@Suite(.enabled(if: PythonPeer.isInstalled, Comment(rawValue: PythonPeer.missing)))
struct PythonClientTests {
    @Test func `a client written by others is content`() async throws {
        try await TestServer.run { server in
            let client = try PythonPeer.start(Self.program, "ws://127.0.0.1:\(server.port)/relay")
            let exit = try await client.waitForExit(within: .seconds(60))
            #expect(exit == .code(0), "\(client.errors.text)")
            #expect(client.output.lines.last == "content")
            #expect(try await server.log(0).end() == .closedByPeer(.normal, reason: "enough"))
        }
    }

    private static let program = """
        import asyncio, sys, websockets
        from websockets.asyncio.client import connect

        async def expect_code(url, code, send):
            async with connect(url, max_size=None) as ws:
                await send(ws)
                try:
                    while True:
                        await asyncio.wait_for(ws.recv(), 10)
                except websockets.ConnectionClosed as closed:
                    assert closed.rcvd.code == code, (closed.rcvd, code)

        async def main(url):
            async with connect(url, max_size=None) as ws:
                assert ws.protocol.extensions == [], ws.protocol.extensions
                for size in (0, 1, 125, 126, 127, 65535, 65536, 1000000, 2097152):
                    await ws.send("é" * (size // 2) + "x" * (size % 2))
                    assert await asyncio.wait_for(ws.recv(), 20) == "é" * (size // 2) + "x" * (size % 2), size
                await ws.send(["in ", "several ", "", "pieces 🪶"])
                assert await asyncio.wait_for(ws.recv(), 10) == "in several pieces 🪶"
                await asyncio.wait_for(await ws.ping(b"are you there"), 10)
                await asyncio.gather(*(ws.send(f"m{n}") for n in range(1000)))
                got = [await asyncio.wait_for(ws.recv(), 10) for n in range(1000)]
                assert got == [f"m{n}" for n in range(1000)]
                await ws.close(1000, "enough")
            await expect_code(url, 1009, lambda ws: ws.send("x" * 2097153))
            await expect_code(url, 1003, lambda ws: ws.send(b"binary"))
            print("content")

        asyncio.run(main(sys.argv[1]))
        """
}
