// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import TestSupport
import Testing

@testable import RelayTransport

/// Conversations that we began, compressed (RFC 7692).
@Suite struct CompressedDialTests {
    private static let texts = [
        "short", String(repeating: "a long one ", count: 400), "", String(repeating: "é", count: 70_000),
        (0..<2_000).map { "\($0 &* 2_654_435_761)" }.joined(),
    ]

    @Test func `both sides compress what is worth it, and understand each other`() async throws {
        var limits = TransportLimits.patient
        limits.compresses = true
        try await TestServer.run(limits) { server in
            try await Dialer.run({ $0.compresses = true }) { dialer in
                let log = try await dialer.conversation(with: .local(server.port))
                try await log.withConnection { connection in
                    #expect(connection.isCompressing)
                    for text in Self.texts { connection.send(Array(text.utf8).span) }
                    let (header, trailer) = (Array("<".utf8), Array(">".utf8))
                    connection.sendShared(
                        header: header.span, body: ByteBuffer(string: Self.texts[1]), trailer: trailer.span)
                    connection.flush()
                }
                let echoes = Self.texts + ["<\(Self.texts[1])>"]
                try await eventually("all echoes") { log.entries.messages == echoes }
                try await log.withConnection { $0.close(.normal, reason: "done") }
                #expect(try await log.end() == .closedHere(.normal))
            }
        }
    }

    @Test func `a server that does not compress is spoken to as it is`() async throws {
        var limits = TransportLimits.patient
        limits.compresses = false
        try await TestServer.run(limits) { server in
            try await Dialer.run({ $0.compresses = true }) { dialer in
                let log = try await dialer.conversation(with: .local(server.port))
                try await log.withConnection { connection in
                    #expect(!connection.isCompressing)
                    connection.send(Array(Self.texts[1].utf8).span)
                    connection.flush()
                }
                try await eventually("the echo") { log.entries.messages == [Self.texts[1]] }
            }
        }
    }

    @Test func `a server that answers the offer wrongly is dialled again without it`() async throws {
        let heads = NIOLockedValueBox<[String]>([])
        let server = try await ScriptedServer { head in
            heads.withLockedValue { $0.append(head) }
            var answer = ResponseHeadTests.acceptance(of: head)
            if head.contains("permessage-deflate") {
                answer = answer.replacing(
                    "upgrade: WebSocket\r\n",
                    with: "upgrade: WebSocket\r\nSec-WebSocket-Extensions: permessage-deflate\r\n")
            }
            return Array(answer.utf8)
        }
        try await Dialer.run({ $0.compresses = true }) { dialer in
            let log = try await dialer.conversation(with: .local(server.port))
            #expect(log.entries.opened == 1)
            try await log.withConnection { #expect(!$0.isCompressing) }
        }
        #expect(heads.withLockedValue { $0.map { $0.contains("permessage-deflate") } } == [true, false])
        try await server.close()
    }
}
