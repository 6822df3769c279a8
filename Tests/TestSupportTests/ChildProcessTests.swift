// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import TestSupport
import Testing

@Suite struct ChildProcessTests {
    @Test func `both outputs and the exit code are kept`() async throws {
        let child = try ChildProcess("/bin/sh", ["-c", "echo one; echo two; printf three >&2; exit 7"])
        #expect(try await child.waitForExit() == .code(7))
        #expect(try await child.output.all() == ["one", "two"])
        #expect(try await child.errors.all() == ["three"])
    }

    @Test func `a signal ends it and is told`() async throws {
        let child = try ChildProcess("/bin/sh", ["-c", "echo ready; exec sleep 100"])
        _ = try await child.output.line("ready") { $0 == "ready" }
        #expect(child.exit == nil)
        child.signal(SIGTERM)
        #expect(try await child.waitForExit() == .signal(SIGTERM))
    }

    @Test func `lines reach its input`() async throws {
        let child = try ChildProcess("/bin/cat")
        child.write(line: "hello")
        #expect(try await child.output.line("the echo") { $0 == "hello" } == "hello")
        child.closeInput()
        #expect(try await child.waitForExit() == .code(0))
    }

    @Test func `its environment is ours with more on top`() async throws {
        let child = try ChildProcess("/bin/sh", ["-c", "echo $NEST"], environment: ["NEST": "twigs"])
        #expect(try await child.output.all() == ["twigs"])
    }

    @Test func `a program that is not there cannot be started`() {
        #expect(throws: ChildProcess.CannotStart.self) { try ChildProcess("/no/such/program") }
    }

    @Test func `nobody's child outlives the value`() async throws {
        var child: ChildProcess? = try ChildProcess("/bin/sleep", ["100"])
        let pid = try #require(child?.pid)
        child = nil
        try await eventually("the end") { !FileManager.default.fileExists(atPath: "/proc/\(pid)") }
    }
}
