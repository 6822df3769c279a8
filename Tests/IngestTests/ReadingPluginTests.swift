// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import Testing

@testable import Ingest

/// Scripts that are asked about requests, too.
@Suite struct ReadingPluginTests {
    private let stage: PluginStage

    init() throws { stage = try PluginStage() }

    private func python(_ body: String) throws -> String {
        let script = try stage.directory.write(
            """
            import sys, json, time, os
            def say(q, action, **more):
                id = q["id"] if q["type"] == "req" else q["event"]["id"]
                print(json.dumps({"id": id, "action": action, **more}), flush=True)
            for line in sys.stdin:
                q = json.loads(line)
            \(body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n"))
            """, to: "reads.py")
        return "exec \(try Python.path()) \(script)"
    }

    private func plugin(
        _ body: String, reads: Bool = true, timeout: Duration = .seconds(10), processes: Int = 1,
        onFailure: PluginSettings.OnFailure = .closed, limits: (inout PluginLimits) -> Void = { _ in }
    ) throws -> WritePolicyPlugin {
        var settings = PluginSettings(command: try python(body))
        (settings.timeout, settings.processes, settings.onFailure) = (timeout, processes, onFailure)
        settings.reads = reads
        var bounds = PluginLimits()
        bounds.backoffMilliseconds = 1
        limits(&bounds)
        return try WritePolicyPlugin(settings, limits: bounds) { [news = stage.news] one in
            news.withLockedValue { $0.append(one) }
        }
    }

    private func request(
        _ filters: [Filter] = [Filter(kinds: [1])], _ purpose: ReadRequest.Purpose = .subscription
    ) -> ReadRequest {
        ReadRequest(
            filters: filters, purpose: purpose, keys: [TestKey.publicKey(1), TestKey.publicKey(2)],
            address: NetworkAddress("2001:db8::7"), receivedAt: Timestamp(1_700_000_000))
    }

    private func opinion(_ plugin: WritePolicyPlugin, _ request: ReadRequest) async -> ReadOpinion {
        await withCheckedContinuation { done in plugin.judge(request) { done.resume(returning: $0) } }
    }

    @Test func `a plugin allows, narrows, refuses and shadows, and is told who asks for what`() async throws {
        let seen = stage.directory.file("seen")
        let plugin = try plugin(
            """
            open("\(seen)", "a").write(line)
            kinds = q["filters"][0].get("kinds", [])
            if kinds == [1]: say(q, "accept")
            elif kinds == [2]: say(q, "accept", filters=[dict(f, limit=3) for f in q["filters"]])
            elif kinds == [3]: say(q, "accept", filters=[])
            elif kinds == [4]: say(q, "reject", msg="restricted: no")
            elif kinds == [5]: say(q, "shadowReject")
            """)
        func ask(_ kind: Kind) async -> ReadOpinion {
            await opinion(plugin, request([Filter(kinds: [kind])]))
        }
        #expect(await ask(1) == .allow)
        #expect(await ask(2) == .narrow([Filter(kinds: [2], limit: 3)]))
        #expect(await ask(3) == .narrow([]))
        #expect(await ask(4) == .refuse("restricted: no"))
        #expect(await ask(5) == .narrow([]))
        let several = [Filter(kinds: [1], tags: ["t": ["a\"b"]]), Filter(authors: [TestKey.publicKey(2)])]
        #expect(await opinion(plugin, request(several, .count)) == .allow)
        await plugin.shutdown()
        let lines = try stage.directory.read("seen").split(separator: "\n")
        func question(_ index: Int) throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(lines[index].utf8)) as? [String: Any])
        }
        let first = try question(0)
        #expect(first["type"] as? String == "req" && (first["id"] as? String)?.isEmpty == false)
        #expect(first["count"] as? Bool == false && first["receivedAt"] as? Int == 1_700_000_000)
        #expect(first["sourceType"] as? String == "IP6" && first["sourceInfo"] as? String == "2001:db8::7")
        #expect(first["authed"] as? String == TestKey.publicKey(1).hex && first["event"] == nil)
        #expect(first["keys"] as? [String] == [1, 2].map { TestKey.publicKey($0).hex })
        let last = try question(5)
        #expect(last["count"] as? Bool == true)
        let filters = try #require(last["filters"] as? [[String: Any]])
        #expect(filters.count == 2 && filters[0]["#t"] as? [String] == ["a\"b"])
        #expect(Set(try (0..<6).map { try question($0)["id"] as? String }).count == 6)
    }

    @Test(arguments: ["null", "\"kinds\"", "{}", "[1]", "[{\"kinds\":\"1\"}]", "[{\"kind\":[1]}]", "[[]]"])
    func `filters that cannot be understood let nobody read`(filters: String) async throws {
        let plugin = try plugin(
            """
            print('{"id":"' + q["id"] + '","action":"accept","filters":\(filters)}', flush=True)
            """, onFailure: .open)
        #expect(
            await opinion(plugin, request()) == .refuse("error: the policy plugin gave no filters"))
        await plugin.shutdown()
    }

    @Test func `filters that are no JSON are no answer`() async throws {
        let plugin = try plugin(
            """
            print('{"id":"' + q["id"] + '","action":"accept","filters":[{}', flush=True)
            """, timeout: .milliseconds(50)
        ) { $0.startMilliseconds = 50 }
        #expect(
            await opinion(plugin, request()) == .refuse("error: the policy plugin gave no answer"))
        await plugin.shutdown()
    }

    @Test(arguments: [PluginSettings.OnFailure.closed, .open])
    func `without an answer a request is refused, or served where the operator says so`(
        onFailure: PluginSettings.OnFailure
    ) async throws {
        let plugin = try plugin("sys.exit(1)", onFailure: onFailure)
        let expected = ReadOpinion.refuse("error: the policy plugin gave no answer")
        #expect(await opinion(plugin, request()) == (onFailure == .open ? .allow : expected))
        await plugin.shutdown()
    }

    @Test func `a plugin that does not know such questions is not asked them, and is once it does`()
        async throws
    {
        let plugin = try plugin(
            """
            say(q, "reject", msg="blocked: " + q["type"])
            """, reads: false)
        #expect(await opinion(plugin, request()) == .allow)
        var settings = plugin.settings.withLockedValue { $0 }
        settings.reads = true
        plugin.adopt(settings)
        #expect(await opinion(plugin, request()) == .refuse("blocked: req"))
        settings.reads = false
        plugin.adopt(settings)
        #expect(await opinion(plugin, request()) == .allow)
        await plugin.shutdown()
    }

    @Test func `an answer may be as long as filters are, and no longer`() async throws {
        let plugin = try plugin(
            """
            say(q, "accept", filters=[{"kinds": [1], "#t": ["x" * q["filters"][0]["limit"]]}])
            """
        ) { $0.readAnswerBytes = 100_000 }
        let long = Filter(kinds: [1], tags: ["t": [TagValue(String(repeating: "x", count: 60_000))]])
        #expect(await opinion(plugin, request([Filter(limit: 60_000)])) == .narrow([long]))
        guard case .refuse(let text) = await opinion(plugin, request([Filter(limit: 200_000)])) else {
            Issue.record("an endless answer was taken")
            return
        }
        #expect(text.hasPrefix("error: "))
        await plugin.shutdown()
        #expect(stage.reasons.contains("an answer that is too long"))
    }

    @Test(arguments: [PluginSettings.OnFailure.open, .closed])
    func `a request whose answer might be too long is not asked about, and opens no door`(
        failure: PluginSettings.OnFailure
    ) async throws {
        let plugin = try plugin(
            #"say(q, "accept", filters=[dict(f, kinds=[1]) for f in q["filters"]])"#, onFailure: failure
        ) { $0.readAnswerBytes = 100_000 }
        // Three bytes for each of these become twelve.
        let text = TagValue(String(repeating: "é", count: 10_000))
        let filters = [Filter(kinds: [7], tags: ["t": [text]])]
        #expect(
            await opinion(plugin, request(filters)) == .narrow([Filter(kinds: [1], tags: ["t": [text]])]))
        guard case .refuse = await opinion(plugin, request(filters + filters)) else {
            Issue.record("it was served")
            return
        }
        await plugin.shutdown()
        #expect(!stage.reasons.contains("an answer that is too long"))
    }

    @Test func `requests beyond what may wait are refused at once, and events are heard all the same`()
        async throws
    {
        let go = stage.directory.file("go")
        let plugin = try plugin(
            """
            while q["type"] == "req" and not os.path.exists("\(go)"): time.sleep(0.005)
            say(q, "accept")
            """, processes: 2, onFailure: .open
        ) {
            $0.waitingReads = 40
            $0.waitingReadsShare = 1
            // One question in a pipe at a time: what waits behind is seen to wait.
            $0.inFlight = 1
        }
        let answers = NIOLockedValueBox<[ReadOpinion]>([])
        for _ in 0..<50 {
            plugin.judge(request()) { answer in answers.withLockedValue { $0.append(answer) } }
        }
        let busy = ReadOpinion.refuse("error: too many requests wait for the policy plugin")
        #expect(answers.withLockedValue { $0 } == Array(repeating: busy, count: 10))
        let door = try Door(consultant: plugin)
        let event = Task { await door.submit(PluginStage.note("an event"), from: PluginStage.client) }
        try await eventually("it is asked about", within: .seconds(60)) { door.ingest.queuedEvents == 1 }
        try stage.directory.write("", to: "go")
        #expect(await event.value.isStored)
        try await eventually("all are answered", within: .seconds(60)) {
            answers.withLockedValue(\.count) == 50
        }
        #expect(answers.withLockedValue { $0.filter { $0 == .allow }.count } == 40)
        #expect(await opinion(plugin, request()) == .allow, "there is room again")
        await plugin.shutdown()
    }

    @Test func `what waits is bounded in bytes, too`() async throws {
        let plugin = try plugin("time.sleep(60)") {
            $0.waitingReadBytes = 1_000
            $0.waitingReadsShare = 1
        }
        let answers = NIOLockedValueBox<[ReadOpinion]>([])
        let long = Filter(tags: ["t": [TagValue(String(repeating: "x", count: 990))]])
        for _ in 0..<3 {
            plugin.judge(request([long])) { answer in answers.withLockedValue { $0.append(answer) } }
        }
        #expect(answers.withLockedValue(\.count) == 2)
        plugin.hurry(within: .zero)
        await plugin.shutdown()
        #expect(answers.withLockedValue(\.count) == 3)
    }

    @Test func `no address takes all the room, and what it takes it gives back`() {
        var limits = PluginLimits()
        (limits.waitingReads, limits.waitingReadBytes, limits.waitingReadsShare) = (8, 8_000, 4)
        var waiting = WaitingReads()
        let addresses = [
            "192.0.2.1", "2001:db8::1", "2001:db8::ffff:1", "192.0.2.2", "192.0.2.3", "192.0.2.4",
        ]
        .map { NetworkAddress($0) }
        func begin(_ index: Int, _ bytes: Int = 10) -> Bool {
            waiting.begin(bytes, of: addresses[index], limits)
        }
        #expect(begin(0) && begin(0) && !begin(0))
        // Two of one /64 are one.
        #expect(begin(1) && begin(2) && !begin(1))
        #expect(begin(3, 5_000) && !begin(3), "of bytes, too, a part")
        waiting.end(10, of: addresses[0])
        #expect(begin(0) && !begin(0))
        #expect(begin(4, 2_000) && begin(5, 1_000))
        #expect(!begin(4) && !begin(5), "no room is left in all")
        for (index, bytes) in [(0, 10), (0, 10), (1, 10), (2, 10), (3, 5_000), (4, 2_000), (5, 1_000)] {
            waiting.end(bytes, of: addresses[index])
        }
        #expect(begin(3, 5_000) && begin(0, 5_000) && !begin(5))
    }

    @Test func `events and requests take turns, whichever are more`() {
        func item(_ id: String, isRead: Bool) -> PluginItem {
            PluginItem(id: id, isRead: isRead, line: { [] }, finish: { _ in })
        }
        var queue = PluginQueue()
        for number in 0..<5 { queue.append(item("r\(number)", isRead: true)) }
        queue.append(item("e0", isRead: false))
        queue.append(item("e1", isRead: false))
        queue.prepend(item("again", isRead: true))
        var order: [String] = []
        while let item = queue.popFirst() { order.append(item.id) }
        #expect(order == ["e0", "again", "e1", "r0", "r1", "r2", "r3", "r4"])
        #expect(queue.isEmpty && queue.waitsUntil == nil)
    }
}
