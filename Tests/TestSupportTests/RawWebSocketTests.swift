// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing

/// A peer that is not ours: a small server in Python's `websockets`.
private struct PythonPeer {
    let process: ChildProcess
    let port: Int

    init() async throws {
        let source = """
            import asyncio, sys, websockets
            async def echo(ws):
                async for message in ws:
                    if message == "close please": await ws.close(4001, "as you wish")
                    elif message == "in pieces": await ws.send(iter(["in ", "pie", "ces"]))
                    else: await ws.send(message)
            async def main():
                async with websockets.serve(echo, "127.0.0.1", 0, compression=None) as server:
                    print(server.sockets[0].getsockname()[1], flush=True)
                    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
            asyncio.run(main())
            """
        process = try ChildProcess(try Python.path(), ["-c", source])
        let line = try await process.output.line("the port") { Int($0) != nil }
        port = try #require(Int(line))
    }
}

@Suite struct RawWebSocketTests {
    @Test func `texts, pieces, pings and close codes pass between us and another implementation`()
        async throws
    {
        let peer = try await PythonPeer()
        let socket = try await RawWebSocket.connect(to: peer.port)
        try await socket.send("ünï")
        #expect(try await socket.receiveText() == "ünï")
        try await socket.send("in pieces")
        #expect(try await socket.receiveText() == "in pieces")
        var first = WebSocketFrame.text("two ")
        first.isFinal = false
        try await socket.send(first)
        try await socket.send(.ping([1, 2, 3]))
        try await socket.send(WebSocketFrame(opcode: 0, payload: Array("halves".utf8)))
        #expect(try await socket.receive() == .pong([1, 2, 3]))
        #expect(try await socket.receiveText() == "two halves")
        let large = String(repeating: "large ", count: 20_000)
        try await socket.send(large)
        #expect(try await socket.receiveText() == large)
        try await socket.send("close please")
        #expect(try await socket.receive() == .close(4001, "as you wish"))
        await socket.close()
    }

    @Test func `a frame without a mask is really sent without one`() async throws {
        let peer = try await PythonPeer()
        let socket = try await RawWebSocket.connect(to: peer.port)
        var frame = WebSocketFrame.text("bare")
        frame.mask = nil
        try await socket.send(frame)
        #expect(try await socket.closeCode() == 1002)
    }

    @Test func `silence times out`() async throws {
        let peer = try await PythonPeer()
        let socket = try await RawWebSocket.connect(to: peer.port)
        await #expect(throws: TimedOut.self) { try await socket.receive(within: .milliseconds(30)) }
    }

    @Test func `a refused upgrade shows the answer`() async throws {
        let peer = try await PythonPeer()
        let error = await #expect(throws: RawWebSocket.Refused.self) {
            try await RawWebSocket.connect(to: peer.port, headers: ["Sec-WebSocket-Version": "12"])
        }
        #expect(error?.answer.status == 400)
    }

    @Test func `a plain question over HTTP gets its status, fields and body`() async throws {
        let peer = try await PythonPeer()
        let answer = try await HTTPAnswer.get("/", from: peer.port)
        #expect(answer.status == 426)
        #expect(answer.headers["upgrade"] == "websocket")
        #expect(answer.text.contains("WebSocket"))
    }

    @Test func `a proxy passes everything, hears it, and can be cut and mended`() async throws {
        let peer = try await PythonPeer()
        let proxy = try ListeningProxy(to: peer.port)
        let socket = try await RawWebSocket.connect(to: proxy.port)
        try await socket.send("through the wire")
        #expect(try await socket.receiveText() == "through the wire")
        #expect(proxy.fromClient == ["through the wire"])
        #expect(proxy.fromServer == ["through the wire"])
        proxy.cut()
        #expect(try await socket.closeCode() == nil)
        await #expect(throws: (any Error).self) { try await RawWebSocket.connect(to: proxy.port) }
        proxy.mend()
        proxy.forget()
        let again = try await RawWebSocket.connect(to: proxy.port)
        try await again.send("again")
        #expect(try await again.receiveText() == "again")
        #expect(proxy.fromServer == ["again"])
        #expect(proxy.connections == 2)
    }
}
