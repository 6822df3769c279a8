// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing
import XStandIn

/// A daemon whose X answers badly: later posts arrive, each once, and the log says in few words what happened, and none of X's.
@Suite(.tags(.heavy), .timeLimit(.minutes(10))) struct BridgeFaultTests {
    /// Stands in what X says; the log must not repeat it.
    private static let mark = "FOREIGN"
    private static let pages = [
        "7", #"{"data":{}}"#, #"{"data":[{"id":5}]}"#, #"{"data":[{"id":"5","text":{"FOREIGN":1}}]}"#,
        #"{"data":[{"id":"99999999999999999999999","text":"FOREIGN"}]}"#, #"{"data":[null]}"#,
        #"{"data":[],"includes":{"users":["FOREIGN"]}}"#, String(repeating: "[", count: 100_000),
        #"{"data":[],"pad":""# + String(repeating: "FOREIGN", count: 3 << 20) + "\"}",
    ]

    /// `ROOKERY_FAULTS=all`: each of them, in two minutes.
    private static func pick<Value>(some: Value, all: Value) -> Value {
        ProcessInfo.processInfo.environment["ROOKERY_FAULTS"] == "all" ? all : some
    }

    /// What is over after one more try.
    private static let weather: [XFault.Effect] = pick(
        some: [.html(200), .truncate(to: 20), .json(pages[3])],
        all: [
            .html(200), .html(503), .plain(503, "FOREIGN\u{1B}[31m"), .plain(200, "FOREIGN"), .status(500),
            .status(502), .status(504), .reset(after: 10), .refuse, .truncate(to: 20), .invalidJSON, .empty,
            .brokenGzip, .contentType("text/plain"), .hang, .drip(every: .seconds(1)),
        ] + pages.map { .json($0) })

    /// What rests for longer than a test waits: the daemon is started anew.
    private static let refusals: [XFault.Effect] = pick(
        some: [.status(401)],
        all: [
            .status(401), .status(403), .clientForbidden("client-not-enrolled"),
            .clientForbidden("official-client-forbidden"), .rateLimited, .usageCapped, .creditsDepleted,
            .redirect("http://127.0.0.1:9/FOREIGN"), .status(404),
        ])

    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func lines(_ rookery: BridgedRookery, from start: Int) -> [String] {
        Array(rookery.process.process.errors.lines.dropFirst(start))
    }

    /// Few lines, short ones, and nothing that X or a proxy wrote, nor the token.
    private func checkLog(_ lines: [String], _ effect: XFault.Effect) {
        let name = String(describing: effect).prefix(60)
        #expect((1...6).contains(lines.count), "\(name): \(lines)")
        for line in lines {
            #expect(line.utf8.count < 400 && !line.contains("\u{1B}"), "\(name): \(line.prefix(400))")
            #expect(
                !line.contains(Self.mark) && !line.contains("technically") && !line.contains(XWorld.appToken),
                "\(name): \(line.prefix(400))")
        }
    }

    @Test func `whatever is answered, later posts arrive, and the log is clear`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let user = try x.withWorld { try $0.addUser("ada") }
        var rookery = try await BridgedRookery.start(
            x, in: directory, bridge: "stream = false\npoll_interval_s = 0.2")
        var expected = ["first"]
        _ = try x.withWorld { try $0.post("first", by: user) }
        try await eventually("the first note") { try await rookery.notes() == expected }
        for (number, effect) in (Self.weather + Self.refusals).enumerated() {
            let start = rookery.process.process.errors.lines.count
            expected.append("post \(number)")
            _ = try x.withWorld { [text = "post \(number)"] world in
                try world.add(XFault(effect, path: "/2/users/\(user)/"))
                try world.post(text, by: user)
            }
            if number >= Self.weather.count {
                _ = try await rookery.process.process.errors.line("word of the refusal", from: start) {
                    $0.contains("X could not be asked")
                }
                checkLog(lines(rookery, from: start), effect)
                try await rookery.restart()
            }
            try await eventually(
                "\(expected.last ?? "") after \(String(describing: effect).prefix(60))", within: .seconds(45)
            ) {
                try await rookery.notes() == expected.sorted()
            }
            if number < Self.weather.count { checkLog(lines(rookery, from: start), effect) }
        }
        #expect(try await rookery.stop())
        try await x.stop()
    }

    @Test func `what the stream says twice, late, wrongly or not at all changes nothing`() async throws {
        let x = try await XServer.start(options: XServerOptions(clock: .real))
        let (user, stranger) = try x.withWorld { (try $0.addUser("ada"), try $0.addUser("eve")) }
        let rookery = try await BridgedRookery.start(x, in: directory)
        var expected: [String] = []
        func post(_ text: String, at: XInstant? = nil) throws {
            _ = try x.withWorld { try $0.post(XDraft(text, at: at), by: user) }
            expected.append(text)
        }
        func arrives(_ what: String) async throws {
            try await eventually("the note after \(what.prefix(60))") {
                try await rookery.notes() == expected.sorted()
            }
        }
        try await eventually("the stream") {
            try await rookery.process.metrics()["rookery_bridge_stream_connected"] == 1
        }
        x.withWorld { $0.doubleEvents(2) }
        try post("twice")
        try post("twice more")
        try await arrives("doubled events")
        try post("late", at: XInstant(milliseconds: x.withWorld { $0.now.milliseconds } - 3_600_000))
        try await arrives("an older post")
        let payload = #"{"id":"77","text":"FOREIGN","author_id":"\#(stranger)"}"#
        let lines = [
            "garbage", "{", #"{"data":7}"#, "[]", #"{"data":{"event_type":"post.create","payload":[]}}"#,
            #"{"data":{"event_type":"post.create","payload":{"id":{}}}}"#, "\u{0}\u{1}\u{FF}",
            #"{"data":{"event_uuid":"1","filter":{"user_id":"\#(stranger)"},"event_type":"post.create","payload":\#(payload)}}"#,
            #"{"data":{"event_uuid":"2","filter":{"user_id":"\#(user)"},"event_type":"post.delete","payload":{"id":"78"}}}"#,
            #"{"data":{"event_uuid":"3","event_type":"FOREIGN","payload":{}}}"#,
            #"{"errors":[{"title":"FOREIGN"}]}"#, String(repeating: "x", count: 4 << 20),
        ]
        // The last two end the connection, which X wants to be made again after a while.
        for line in lines.prefix(Self.pick(some: lines.count - 2, all: lines.count)) {
            try await eventually("the stream") { x.withWorld { $0.openStreams } == 1 }
            x.withWorld { $0.sayOnStreams(line) }
            try post("after \(expected.count)")
            try await arrives(line)
        }
        x.withWorld { $0.loseEvents(1) }
        try post("lost")
        x.withWorld { $0.dropStreams() }
        try post("while it is down")
        try await arrives("a stream that ended")
        let log = rookery.process.process.errors.lines
        #expect(log.allSatisfy { $0.utf8.count < 400 && !$0.contains(Self.mark) })
        #expect(try await rookery.stop())
        try await x.stop()
    }
}
