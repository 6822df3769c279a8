// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import rookery

@Suite struct ControlConversationTests {
    private func steps(_ text: String) -> [ControlConversation.Step] {
        var conversation = ControlConversation(maxLineLength: 1000)
        var steps: [ControlConversation.Step] = []
        for byte in text.utf8 {
            conversation.append([byte])
            while let step = conversation.next() { steps.append(step) }
        }
        return steps
    }

    @Test func `one request after the other`() {
        #expect(
            steps(
                """
                {"version":1,"command":"reload"}
                {"version":1,"command":"import","lines":2}
                {"a":1}
                {"b":2}
                {"version":1,"command":"status"}

                """) == [
                    .perform(ControlRequest(command: .reload), lines: []),
                    .perform(
                        ControlRequest(command: .importEvents, lines: 2),
                        lines: [.whole(Array(#"{"a":1}"#.utf8)), .whole(Array(#"{"b":2}"#.utf8))]),
                    .perform(ControlRequest(command: .status), lines: []),
                ])
    }

    @Test(arguments: [
        ("hello", "the request is not understood"),
        (
            "{\"version\":2,\"command\":\"reload\"}",
            "this daemon speaks version 1 of the control protocol, not 2"
        ),
        ("{\"version\":1,\"command\":\"fly\"}", "the request is not understood"),
        ("{\"version\":1,\"command\":\"import\",\"lines\":1000000}", "a request brings at most 4096 lines"),
        ("{\"version\":1,\"command\":\"import\",\"lines\":-1}", "a request brings at most 4096 lines"),
    ])
    func `what cannot be taken is refused with a reason`(request: String, reason: String) {
        #expect(steps(request + "\n") == [.refuse(reason)])
    }

    @Test func `a request that never ends is refused`() {
        var conversation = ControlConversation(maxLineLength: 10)
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
        for _ in 0..<100 {
            conversation.append(piece)
            #expect(conversation.next() == nil)
        }
        conversation.append([UInt8(ascii: "\n")])
        #expect(conversation.next() == .refuse("the request is too long"))
    }

    @Test func `messages read back as they were written`() throws {
        let answer = ControlAnswer(
            status: DaemonStatus(
                version: "1", process: 2, uptime: 3, listen: "a:1", dataDir: "d", domain: "",
                admission: "open",
                pubkey: "k", health: "ok",
                store: .init(events: 1, usedBytes: 2, mapBytes: 3, commit: 4),
                ingest: .init(queued: 1, held: 2),
                relay: .init(connections: 1, subscriptions: 2),
                sync: .init(
                    repositories: 1, relaysTracked: 2, relaysConnected: 1, relaysComplete: 0,
                    pendingBatches: 3,
                    isHistoryComplete: true, ourselves: [],
                    relays: [], relaysLeftOut: 0, relaysNotFollowed: 0)))
        let line = ControlCoding.line(answer)
        #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
        #expect(String(decoding: line, as: UTF8.self).contains("\"used_bytes\":2"))
        #expect(ControlCoding.read(ControlAnswer.self, line.dropLast()) == answer)
    }
}
