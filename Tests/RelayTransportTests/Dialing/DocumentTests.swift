// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOSSL
import RelayTransport
import TestSupport
import Testing

/// One document over HTTP, behind the same guard as every dial.
@Suite(.timeLimit(.minutes(1))) struct DocumentTests {
    private func read(
        _ answer: String, trust: DialTrust = .operatorNamed,
        _ change: (inout DialOptions) -> Void = { _ in }
    ) async throws -> String {
        let relay = try await ScriptedRelay { $0.information = .raw(Array(answer.utf8)) }
        var text = ""
        try await Dialer.run(change) { dialer in
            let bytes = try await dialer.document(
                at: .local(relay.port, path: "/x?y"), accept: "application/nostr+json", trust: trust)
            text = String(decoding: bytes, as: UTF8.self)
        }
        let head = try #require(relay.record.informationRequests.first)
        #expect(head.hasPrefix("GET /x?y HTTP/1.1\r\n"))
        #expect(head.contains("\r\nHost: 127.0.0.1:\(relay.port)"))
        #expect(head.contains("\r\nAccept: application/nostr+json"))
        return text
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "HTTP/1.1 200 OK\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n{}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    ]) func `a document is read however its end is told`(answer: String) async throws {
        #expect(try await read(answer) == "{}")
    }

    @Test(arguments: [301, 302, 307, 308, 404, 500, 204])
    func `any other status is a failure, and no redirect is followed`(status: Int) async throws {
        let lure = try await ScriptedRelay()
        await #expect(throws: DialError.http(status: status)) {
            try await read(
                "HTTP/1.1 \(status) X\r\nLocation: http://127.0.0.1:\(lure.port)/\r\nContent-Length: 0\r\n\r\n"
            )
        }
        #expect(lure.record.connections == 0)
    }

    @Test func `what is no HTTP, or ends too early, is a failure`() async throws {
        for answer in ["hello", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}", "", "HTTP/1.1 2"] {
            await #expect(throws: DialError.self) { try await read(answer) }
        }
    }

    @Test func `a document of more than the bound is refused, whether it says so or not`() async throws {
        let long = String(repeating: "x", count: 101)
        for head in ["Content-Length: 101\r\n", ""] {
            await #expect(throws: DialError.handshake("document is too long")) {
                try await read("HTTP/1.1 200 OK\r\n\(head)\r\n\(long)") { $0.maxDocumentLength = 100 }
            }
        }
        #expect(
            try await read("HTTP/1.1 200 OK\r\n\r\n\(long.dropLast())") { $0.maxDocumentLength = 100 }.count
                == 100)
    }

    @Test func `silence and dripping end with the time`() async throws {
        for isSilent in [true, false] {
            let relay = try await ScriptedRelay { script in
                script.information =
                    isSilent ? .silence : .document(String(repeating: " ", count: 60_000))
                script.drip = .init(bytes: 10, every: .milliseconds(5))
            }
            try await Dialer.timesOut(.reading, after: .milliseconds(100), \.documentTimeout) { dialer in
                _ = try await dialer.document(at: .local(relay.port), accept: "x/y", trust: .operatorNamed)
            }
            try await eventually("the end of the connection") { relay.openConnections == 0 }
        }
    }

    @Test func `strangers cannot have this network read`() async throws {
        let relay = try await ScriptedRelay { $0.information = .document("{}") }
        try await Dialer.run { dialer in
            await #expect(throws: DialError.refused(.address(.loopback))) {
                try await dialer.document(at: .local(relay.port), accept: "x/y", trust: .namedByStrangers)
            }
        }
        #expect(relay.record.connections == 0)
    }

    @Test func `over TLS the certificate must be of the name`() async throws {
        let certificates = try await Certificates()
        let server = try await ScriptedServer(tls: certificates.serverContext()) { _ in
            Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)
        }
        let resolve: @Sendable (String, Int) throws -> [SocketAddress] = { _, port in
            [try SocketAddress(ipAddress: "127.0.0.1", port: port)]
        }
        try await Dialer.run({ $0.caFile = certificates.authorityFile }, resolve: resolve) { dialer in
            let target = { (host: String) in DialTarget.local(server.port, host: host, isSecure: true) }
            let bytes = try await dialer.document(
                at: target("relay.test"), accept: "x/y", trust: .operatorNamed)
            #expect(bytes == Array("{}".utf8))
            let error = await #expect(throws: DialError.self) {
                try await dialer.document(at: target("other.test"), accept: "x/y", trust: .operatorNamed)
            }
            if case .tls = error {} else { Issue.record("\(String(describing: error))") }
        }
        try await server.close()
    }
}
