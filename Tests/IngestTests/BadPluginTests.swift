// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import Ingest

/// Scripts that sleep, end, talk nonsense or nothing.
@Suite struct BadPluginTests {
    private let stage: PluginStage

    init() throws { stage = try PluginStage() }

    @Test func `one that gives no answer in time is ended, its event refused, and others asked again`()
        async throws
    {
        let plugin = try stage.plugin(
            stage.python(
                """
                if text == "sleep": time.sleep(60)
                say(q, "accept")
                """), timeout: .milliseconds(400))
        let door = try Door(consultant: plugin)
        #expect(await door.submit(PluginStage.note("first"), from: PluginStage.client).isStored)
        let verdicts = await door.submit(
            [PluginStage.note("sleep"), PluginStage.note("a"), PluginStage.note("b")],
            from: PluginStage.client)
        #expect(verdicts[0] == .failed("the policy plugin gave no answer"))
        #expect(verdicts[0].ok.message.hasPrefix("error: "))
        #expect(verdicts[1].isStored && verdicts[2].isStored)
        #expect(stage.reasons == ["no answer in time"])
        await plugin.shutdown()
    }

    @Test func `fail open lets in what nobody gave an opinion of`() async throws {
        let plugin = try stage.plugin("exit 0", onFailure: .open)
        let door = try Door(consultant: plugin)
        #expect(await door.submit(PluginStage.note("a"), from: PluginStage.client).isStored)
        await plugin.shutdown()
    }

    @Test func `one that ends is started anew and asked once more`() async throws {
        let plugin = try stage.plugin(
            stage.python(
                """
                mark = "\(stage.directory.file("died"))"
                if text == "once" and not os.path.exists(mark):
                    open(mark, "w")
                    sys.exit(1)
                if text == "always": sys.exit(1)
                say(q, "accept")
                """))
        let door = try Door(consultant: plugin)
        #expect(await door.submit(PluginStage.note("once"), from: PluginStage.client).isStored)
        #expect(
            await door.submit(PluginStage.note("always"), from: PluginStage.client)
                == .failed("the policy plugin gave no answer"))
        #expect(await door.submit(PluginStage.note("after"), from: PluginStage.client).isStored)
        await plugin.shutdown()
    }

    @Test func `a process that is no longer wanted is not counted on, and nobody is asked twice`()
        async throws
    {
        let command = try stage.python(
            """
            open("\(stage.directory.file("asked"))", "a").write(text + "\\n")
            if text.startswith("slow"): time.sleep(0.3)
            say(q, "accept")
            """)
        let plugin = try stage.plugin(command, processes: 2, limits: { $0.stallMilliseconds = 10 })
        let door = try Door(consultant: plugin)
        func submit(_ texts: String...) async -> [Verdict] {
            await door.submit(texts.map { PluginStage.note($0) }, from: PluginStage.client)
        }
        #expect(await submit("slow", "quick").allSatisfy(\.isStored))
        var settings = PluginSettings(command: command)
        settings.processes = 1
        plugin.adopt(settings)
        try await eventually("one of them is ended", within: .seconds(60)) {
            stage.reasons == ["it is replaced"]
        }
        #expect(await submit("slow again", "behind").allSatisfy(\.isStored))
        let asked = try stage.directory.read("asked").split(separator: "\n")
        #expect(asked.filter { $0 == "behind" }.count == 1)
        await plugin.shutdown()
    }

    @Test func `what waits behind what is asked again is given up in its own time`() async throws {
        let plugin = try stage.plugin(
            stage.python("time.sleep(0.3)\nsys.exit(1)"), timeout: .seconds(1),
            limits: {
                ($0.inFlight, $0.backoffMilliseconds, $0.longestBackoffMilliseconds) = (1, 600_000, 600_000)
            })
        let answered = NIOLockedValueBox<[String]>([])
        for text in ["first", "behind"] {
            let question = Consultation(
                events: [PluginStage.note(text)], source: PluginStage.client, receivedAt: Door.noon)
            plugin.consult(question) { _ in answered.withLockedValue { $0.append(text) } }
        }
        try await eventually("both are given up", within: .seconds(60)) {
            answered.withLockedValue(\.count) == 2
        }
        #expect(answered.withLockedValue { $0 } == ["behind", "first"])
        await plugin.shutdown()
    }

    @Test func `junk is passed over and logged within bounds, on both outputs`() async throws {
        let plugin = try stage.plugin(
            stage.python(
                """
                for i in range(100):
                    print("junk \\x07" + "x" * 5000, flush=True)
                    print("aside " + "y" * 5000, file=sys.stderr, flush=True)
                print("", flush=True)
                say(q, "accept")
                """), limits: { $0.loggedLines = 10 })
        let door = try Door(consultant: plugin)
        #expect(await door.submit(PluginStage.note("a"), from: PluginStage.client).isStored)
        let told = stage.news.withLockedValue { $0 }
        #expect(told.count <= 40)
        for case .unreadable(let line) in told {
            #expect(line.utf8.count <= 400 && line.hasPrefix("junk  xx"))
        }
        await plugin.shutdown()
    }

    @Test(arguments: [
        (#"print("x" * 9000, flush=True)"#, "an answer that is too long"),
        (
            #"print(json.dumps({"id": "0" * 64, "action": "accept"}), flush=True)"#,
            "an answer to nothing asked"
        ),
        (
            #"print(json.dumps({"id": q["event"]["id"], "action": "maybe"}), flush=True)"#,
            "an answer that says nothing known"
        ),
        (#"print(json.dumps({"action": "accept"}), flush=True)"#, "an answer that says nothing known"),
    ])
    func `an answer that cannot be ends the process, and the event is refused`(line: String, reason: String)
        async throws
    {
        let plugin = try stage.plugin(stage.python(line))
        let door = try Door(consultant: plugin)
        #expect(
            await door.submit(PluginStage.note("a"), from: PluginStage.client)
                == .failed("the policy plugin gave no answer"))
        #expect(stage.reasons == [reason])
        await plugin.shutdown()
    }

    @Test func `what a plugin started ends with it, and one that reads nothing holds up nobody`() async throws
    {
        let pid = stage.directory.file("pid")
        let plugin = try stage.plugin(
            "sleep 1000 & echo $! > \(pid); wait", timeout: .milliseconds(300),
            limits: { $0.startMilliseconds = 300 })
        let door = try Door(consultant: plugin)
        let large = (0..<50).map { PluginStage.note("\($0)" + String(repeating: "x", count: 20_000)) }
        let verdicts = await door.submit(large, from: PluginStage.client)
        #expect(verdicts.allSatisfy { $0 == .failed("the policy plugin gave no answer") })
        await plugin.shutdown()
        let child = try #require(
            Int32(try stage.directory.read("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        try await eventually("its child is gone", within: .seconds(60)) {
            let status = (try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)) ?? ""
            return status.isEmpty || status.contains(") Z ")
        }
    }

    @Test func `when the end is near, everybody gets an answer soon`() async throws {
        let plugin = try stage.plugin(stage.python("time.sleep(60)"))
        let door = try Door(consultant: plugin)
        let asked = Task {
            await door.submit((0..<100).map { PluginStage.note("\($0)") }, from: PluginStage.client)
        }
        try await eventually("they are asked", within: .seconds(60)) { door.ingest.queuedEvents == 100 }
        plugin.hurry(within: .milliseconds(50))
        await door.ingest.shutdown()
        #expect(await asked.value.allSatisfy { $0 == .failed("the policy plugin gave no answer") })
        await plugin.shutdown()
    }
}
