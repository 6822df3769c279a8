// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import Ingest

/// Scripts as operators write them.
@Suite struct PluginTests {
    private let stage: PluginStage

    init() throws { stage = try PluginStage() }

    @Test func `a plugin is not shown our settings, of which some are secrets`() async throws {
        setenv("ROOKERY_BRIDGE_MNEMONIC", "abandon abandon", 1)
        setenv("PLUGIN_SETTING", "its own", 1)
        defer {
            unsetenv("ROOKERY_BRIDGE_MNEMONIC")
            unsetenv("PLUGIN_SETTING")
        }
        let plugin = try stage.plugin(
            stage.python(
                """
                shown = [name for name in os.environ if name.startswith("ROOKERY_")]
                say(q, "accept" if not shown and os.environ["PLUGIN_SETTING"] == "its own" else "reject")
                """))
        let door = try Door(consultant: plugin)
        #expect(await door.submit(PluginStage.note("shown?"), from: PluginStage.client).isStored)
        await door.ingest.shutdown()
    }

    @Test func `a python plugin accepts, refuses and shadows, and sees what strfry would show it`()
        async throws
    {
        let seen = stage.directory.file("seen")
        let plugin = try stage.plugin(
            stage.python(
                """
                open("\(seen)", "a").write(line)
                if text == "bad": say(q, "reject", "blocked: no")
                elif text == "plain": say(q, "reject", "just no")
                elif text == "shadow": say(q, "shadowReject")
                else: say(q, "accept")
                """))
        let door = try Door(consultant: plugin)
        let texts = ["good", "bad", "plain", "shadow"]
        let verdicts = await door.submit(texts.map { PluginStage.note($0) }, from: PluginStage.client)
        #expect(verdicts[0].isStored)
        #expect(verdicts[1].ok == (false, "blocked: no") && verdicts[2].ok == (false, "blocked: just no"))
        #expect(verdicts[3] == .shadowed && verdicts[3].ok == (true, ""))
        #expect(try door.stored() == [PluginStage.note("good").id])
        let upstream = IngestSource.upstream(try RelayURL("wss://a.example"))
        #expect(await door.submit(PluginStage.note("far"), from: upstream).isStored)
        let stream = IngestSource.stream("mirror", try RelayURL("wss://b.example"))
        #expect(await door.submit(PluginStage.note("mirrored"), from: stream).isStored)
        #expect(
            await door.submit(PluginStage.note("bad"), from: .importer).isStored,
            "imports are not asked about")

        let lines = try stage.directory.read("seen").split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines[5].contains(#""sourceType":"Stream","sourceInfo":"wss://b.example""#))
        func question(_ index: Int) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(lines[index].utf8)) as? [String: Any])
        }
        let first = try question(0)
        #expect(first["type"] as? String == "new" && first["receivedAt"] as? Int == 1_700_000_000)
        #expect(first["sourceType"] as? String == "IP4" && first["sourceInfo"] as? String == "192.0.2.7")
        #expect(first["authed"] as? String == TestKey.publicKey(1).hex)
        #expect((first["event"] as? [String: Any])?["content"] as? String == "good")
        let last = try question(4)
        #expect(last["sourceType"] as? String == "Sync" && last["sourceInfo"] as? String == "wss://a.example")
        #expect(last["authed"] == nil)
        await door.ingest.shutdown()
        await plugin.shutdown()
    }

    @Test func `a shell plugin that says yes to everything, and what is known or forged is not asked about`()
        async throws
    {
        let count = stage.directory.file("count")
        let plugin = try stage.plugin(
            """
            while read -r line; do
              echo x >> \(count)
              id=$(printf '%s' "$line" | sed 's/.*"id":"\\([0-9a-f]*\\)".*/\\1/')
              echo "{\\"id\\":\\"$id\\",\\"action\\":\\"accept\\"}"
            done
            """)
        let door = try Door(consultant: plugin)
        let event = PluginStage.note("once")
        #expect(await door.submit(event, from: PluginStage.client).isStored)
        #expect(await door.submit(event, from: PluginStage.client) == .duplicate)
        #expect(
            await door.submit(PluginStage.note("x").tampered(signature: true), from: PluginStage.client)
                == .rejected(.badSignature))
        #expect(try stage.directory.read("count") == "x\n")
        await plugin.shutdown()
    }

    @Test func `who waits for a plugin keeps nobody else waiting, and the order of a source`() async throws {
        let plugin = try stage.plugin(
            stage.python(
                """
                while text == "slow" and not os.path.exists("\(stage.directory.file("go"))"): time.sleep(0.01)
                say(q, "accept")
                """), processes: 2)
        let door = try Door(consultant: plugin)
        func client(_ number: UInt64) -> IngestSource { .client(authenticated: [], connection: number) }
        let slow = Task { await door.submit(PluginStage.note("slow"), from: client(1)) }
        try await eventually("it is asked", within: .seconds(60)) { door.ingest.queuedEvents == 1 }
        let behind = Task { await door.submit(PluginStage.note("behind"), from: client(1)) }
        try await eventually("both are inside", within: .seconds(60)) { door.ingest.queuedEvents == 2 }
        for number in 2..<20 {
            #expect(
                await door.submit(PluginStage.note("other \(number)"), from: client(UInt64(number))).isStored)
        }
        #expect(await door.submit(PluginStage.note("mine"), from: .operator).isStored)
        #expect(door.ingest.queuedEvents == 2, "the two of the slow one")
        let drained = NIOLockedValueBox(false)
        let drain = Task {
            await door.ingest.drain()
            drained.withLockedValue { $0 = true }
        }
        #expect(await door.submit(PluginStage.note("meanwhile"), from: client(99)).isStored)
        #expect(!drained.withLockedValue { $0 })
        try stage.directory.write("", to: "go")
        guard case .stored(let first) = await slow.value, case .stored(let second) = await behind.value else {
            Issue.record("both are stored")
            return
        }
        #expect(first <= second)
        await drain.value
        await plugin.shutdown()
    }

    @Test func `questions go to one process several at a time, and answers may come in any order`()
        async throws
    {
        let plugin = try stage.plugin(
            stage.python(
                """
                kept = globals().setdefault("kept", [])
                kept.append(q)
                if len(kept) == 8:
                    for one in reversed(kept): say(one, "accept" if int(one["event"]["content"]) % 2 else "reject", "blocked: even")
                    kept.clear()
                """))
        let door = try Door(consultant: plugin)
        let verdicts = await door.submit((0..<8).map { PluginStage.note("\($0)") }, from: PluginStage.client)
        #expect(verdicts.map(\.isStored) == (0..<8).map { $0 % 2 == 1 })
        await plugin.shutdown()
    }

    @Test func `a script that changes is started anew, without losing a question`() async throws {
        func write(_ action: String) throws {
            let path = try stage.directory.write(
                """
                #!\(try Python.path())
                import sys, json
                for line in sys.stdin:
                    print(json.dumps({"id": json.loads(line)["event"]["id"], "action": "\(action)", "msg": "blocked: x"}), flush=True)
                """, to: "script.new")
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
            _ = rename(path, stage.directory.file("script"))
        }
        try write("accept")
        let plugin = try stage.plugin(stage.directory.file("script")) { $0.lookMilliseconds = 5 }
        let door = try Door(consultant: plugin)
        #expect(await door.submit(PluginStage.note("a"), from: PluginStage.client).isStored)
        try write("reject")
        let number = NIOLockedValueBox(0)
        try await eventually("the new one answers", within: .seconds(60)) {
            let next = number.withLockedValue { number in
                number += 1
                return number
            }
            let verdict = await door.submit(PluginStage.note("\(next)"), from: PluginStage.client)
            #expect(verdict.isStored || verdict == .rejected(.rule("blocked: x")))
            return !verdict.isStored
        }
        await plugin.shutdown()
    }

    @Test func `policies of the program itself are asked in order`() async throws {
        let first = ImmediateConsultant { event, _ in event.kind == 7 ? .reject("pow: more") : .accept }
        let second = ImmediateConsultant { event, _ in event.content == "x" ? .shadowReject : .accept }
        let door = try Door(consultant: ConsultantChain([first, second]))
        #expect(await door.submit(.fixture(kind: 7, content: "x")) == .rejected(.rule("pow: more")))
        #expect(await door.submit(PluginStage.note("x")) == .shadowed)
        #expect(await door.submit(PluginStage.note("y")).isStored)
    }
}
