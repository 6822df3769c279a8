// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing

/// The README's example of a bridge, as it is written there.
@Suite(.timeLimit(.minutes(2))) struct BridgeReadmeTests {
    private static func section() throws -> String {
        let text = try String(contentsOfFile: Python.packageDirectory + "/README.md", encoding: .utf8)
        let start = try #require(text.range(of: "## Mirror accounts of X\n"))
        let rest = text[start.upperBound...]
        return String(rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)])
    }

    private static func blocks(_ section: String) -> [String] {
        section.components(separatedBy: "```sh\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }

    @Test func `what is posted in the third terminal is readable within two seconds`() async throws {
        let directory = try TemporaryDirectory()
        let (xPort, port) = (try RookeryProcess.freePort(), try RookeryProcess.freePort())
        let section = try Self.section()
        let blocks = Self.blocks(section)
        try #require(blocks.count == 2)
        // Other ports than those of the README, which may be taken; `exec`, so that a signal reaches the program.
        func terminal(_ text: String) throws -> ChildProcess {
            let words = text.replacingOccurrences(
                of: ".build/release/rookery", with: RookeryProcess.Product.path
            )
            .replacingOccurrences(of: "8480", with: "\(xPort)")
            return try ChildProcess("/bin/bash", ["-euc", words])
        }
        let x = try terminal(
            "exec " + blocks[0].replacingOccurrences(of: "stand-in", with: "stand-in --port 8480"))
        _ = try await x.output.line("the address") { $0.contains("answers at") }
        let daemon = try terminal(
            blocks[1].replacingOccurrences(
                of: "ROOKERY_BRIDGE_ENABLED", with: "exec env ROOKERY_BRIDGE_ENABLED"
            )
            .replacingOccurrences(
                of: "rookery serve",
                with: "rookery serve --listen 127.0.0.1:\(port) --data-dir \(directory.file("data"))"))
        try await eventually("the stream", within: .seconds(20)) {
            let answer = try? await HTTPAnswer.get("/metrics", from: port)
            return answer?.text.contains("rookery_bridge_stream_connected 1") == true
        }
        let post = try #require(
            section.range(of: #"curl [^`]*/admin/posts [^`]*"#, options: .regularExpression))
        #expect(try await terminal(String(section[post])).waitForExit(within: .seconds(10)) == .code(0))
        try await eventually("the note", within: .seconds(2)) {
            try await Peer.read("ws://127.0.0.1:\(port)", [#"{"kinds":[1]}"#]).count == 1
        }
        for process in [daemon, x] {
            process.signal(SIGTERM)
            #expect(try await process.waitForExit(within: .seconds(10)) == .code(0))
        }
    }
}
