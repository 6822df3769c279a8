// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
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

    @Test func `another client written by others is content`() async throws {
        try await TestServer.run(answer: Self.shared) { server in
            let client = try PythonPeer.start(Self.otherProgram, "http://127.0.0.1:\(server.port)/relay")
            let exit = try await client.waitForExit(within: .seconds(60))
            #expect(exit == .code(0), "\(client.errors.text)")
            #expect(client.output.lines.last == "content")
        }
    }

    /// Answers with a text in three parts, the way that broadcasts go.
    private static let shared: RecordingPeer.Answer = { connection, message in
        let body = ByteBuffer(bytes: message.withUnsafeBufferPointer { Array($0) })
        for header in ["<", "<<"] {
            connection.sendShared(header: Array(header.utf8).span, body: body, trailer: Array(">".utf8).span)
        }
    }

    private static let program = """
        import asyncio, sys, websockets
        from websockets.asyncio.client import connect
        from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

        async def expect_code(url, code, send):
            async with connect(url, max_size=None) as ws:
                await send(ws)
                try:
                    while True:
                        await asyncio.wait_for(ws.recv(), 10)
                except websockets.ConnectionClosed as closed:
                    assert closed.rcvd.code == code, (closed.rcvd, code)

        async def converse(url, sizes, **options):
            async with connect(url, max_size=None, **options) as ws:
                agreed = [extension.name for extension in ws.protocol.extensions]
                for size in sizes:
                    text = "é" * (size // 2) + "x" * (size % 2)
                    await ws.send(text)
                    assert await asyncio.wait_for(ws.recv(), 20) == text, size
                await ws.send(["in ", "several ", "", "pieces 🪶"])
                assert await asyncio.wait_for(ws.recv(), 10) == "in several pieces 🪶"
                await asyncio.wait_for(await ws.ping(b"are you there"), 10)
                await asyncio.gather(*(ws.send(f"m{n}" + "y" * n) for n in range(400)))
                got = [await asyncio.wait_for(ws.recv(), 10) for n in range(400)]
                assert got == [f"m{n}" + "y" * n for n in range(400)]
                await ws.close(1000, "enough")
                return agreed

        async def main(url):
            sizes = (0, 1, 125, 126, 127, 255, 256, 5000, 65535, 65536, 2097152)
            assert await converse(url, sizes) == ["permessage-deflate"]
            assert await converse(url, sizes, compression=None) == []
            for bits in (9, 12, 15):
                factory = ClientPerMessageDeflateFactory(server_max_window_bits=bits)
                assert await converse(url, sizes[-6:-1], compression=None, extensions=[factory]) == ["permessage-deflate"]
            factory = ClientPerMessageDeflateFactory(server_max_window_bits=8)
            assert await converse(url, (1, 300), compression=None, extensions=[factory]) == []
            await expect_code(url, 1009, lambda ws: ws.send("x" * 2097153))
            await expect_code(url, 1003, lambda ws: ws.send(b"binary"))
            print("content")

        asyncio.run(main(sys.argv[1]))
        """

    private static let otherProgram = """
        import asyncio, sys, aiohttp

        async def converse(session, url, compress):
            async with session.ws_connect(url, compress=compress, max_msg_size=0) as ws:
                assert bool(ws.compress) == bool(compress), ws.compress
                for size in (0, 255, 256, 5000, 65536, 300000):
                    text = "é" * (size // 2) + "x" * (size % 2)
                    await ws.send_str(text)
                    for header in ("<", "<<"):
                        assert await ws.receive_str(timeout=20) == header + text + ">", size

        async def main(url):
            async with aiohttp.ClientSession() as session:
                for compress in (0, 15, 10):
                    await converse(session, url, compress)
            print("content")

        asyncio.run(main(sys.argv[1]))
        """
}
