// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayTransport
import SyncEngine
import SyncPlanner
import TestSupport
import Testing

/// Events that are too long to be read are passed over, and nothing else is missed because of them.
@Suite(.serialized, .timeLimit(.minutes(10))) struct GiantTests {
    let directory: TemporaryDirectory
    let ours = Event.ours()

    init() throws { directory = try TemporaryDirectory() }

    /// An issue with so many bytes of content.
    private func giant(_ bytes: Int = 30_000, at time: Int64, filler: String = "z") -> Event {
        .issue(String(repeating: filler, count: bytes / filler.utf8.count), of: ours, at: time)
    }

    /// Runs a house that reads messages of 20,000 bytes.
    private func gather(
        from relay: ScriptedRelay, _ change: (inout WireHouse.Options) -> Void = { _ in },
        _ body: (WireHouse) async throws -> Void
    ) async throws {
        try await WireHouse.open(in: directory, bootstrap: [relay]) {
            $0.transport.maxMessageLength = 20_000
            change(&$0)
        } _: {
            try await body($0)
        }
    }

    private func skipped(_ house: WireHouse) -> [SkippedEvent] {
        house.facts.facts.compactMap { if case .skipped(_, let event) = $0 { event } else { nil } }
    }

    private func ends(_ house: WireHouse) -> [LinkEnd] {
        house.facts.facts.compactMap { if case .disconnected(_, let end, _) = $0 { end } else { nil } }
    }

    @Test func `one of three mebibytes amid a history is passed over, and the link goes on`() async throws {
        let issues = Event.issues(20, of: ours)
        let giant = giant(3 << 20, at: 1_700_000_110)
        let relay = try await ScriptedRelay(holding: [ours, giant] + issues)
        try await WireHouse.open(in: directory, bootstrap: [relay]) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            try await house.gathersLive(from: relay, of: ours)
            #expect(ends(house) == [])
            #expect(try await house.stand(relay)?.health == .healthy)
            #expect(skipped(house).allSatisfy { $0.outline?.event.id == giant.id })
            let explanation = try #require(await house.manager.explain(try relay.relayURL))
            let told = try #require(explanation.skipped)
            #expect(told.count == skipped(house).count)
            #expect(told.last.length > 3 << 20)
            #expect(try !house.holds(giant))
        }
    }

    /// As relays write events: in the order of NIP-01, by name (strfry), with white space.
    enum Spelling: CaseIterable {
        case canonical, byName, spaced

        func spell(_ event: Event) -> String {
            let part = event.parts
            switch self {
            case .canonical: return event.text
            case .byName:
                return #"{"content":\#(part.content),"created_at":\#(part.createdAt),"id":"\#(part.id)","#
                    + #""kind":\#(part.kind),"pubkey":"\#(part.pubkey)","sig":"\#(part.sig)","tags":\#(part.tags)}"#
            case .spaced:
                return
                    #" { "tags" : \#(part.tags) , "x" : [ {"created_at": 5} ], "content" : \#(part.content),"#
                    + #" "sig": "\#(part.sig)", "pubkey":"\#(part.pubkey)", "kind" : \#(part.kind) ,"#
                    + #" "id":"\#(part.id)","created_at": \#(part.createdAt) } "#
            }
        }
    }

    @Test(arguments: Spelling.allCases)
    func `pages of nothing else are paged past, however they are written`(spelling: Spelling) async throws {
        // Newest first: two pages of giants, some in one second, then what must not be missed.
        let giants = (0..<6).map { index in
            giant(30_000 + index, at: 1_700_000_300 - Int64(index / 2), filler: #"z\"]}é,{[ "#)
        }
        let issues = Event.issues(20, of: ours)
        let relay = try await ScriptedRelay(holding: [ours] + giants + issues) { script in
            script.maxLimit = 3
            script.copies = { event, _ in [spelling.spell(event)] }
        }
        try await gather(from: relay) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            #expect(ends(house) == [])
            #expect(Set(skipped(house).compactMap(\.outline?.event.id)) == Set(giants.map(\.id)))
            #expect(!house.facts.facts.contains { if case .unasked = $0 { true } else { false } })
        }
    }

    @Test func `one with more tags than are looked at is paged past`() async throws {
        let crowded = (0..<3).map { number in
            Event.fixture(
                kind: .issue, at: 1_700_000_300 + Int64(number),
                tags: (0..<3000).map { .of("p", "\(number) \($0) \(String(repeating: "p", count: 50))") }
                    + [.of("a", ours.address?.text.string ?? "")], by: 3)
        }
        let issues = Event.issues(20, of: ours)
        let relay = try await ScriptedRelay(holding: [ours] + crowded + issues) { $0.maxLimit = 3 }
        try await gather(from: relay) { house in
            try await house.gathers([ours] + issues)
            try await house.completes()
            #expect(ends(house) == [])
            #expect(skipped(house).allSatisfy { $0.outline?.hasAllTags == false })
        }
    }

    @Test func `in fragments, with pings in between, it is passed over all the same`() async throws {
        let giant = giant(at: 1_700_000_300)
        let relay = try await ScriptedRelay(holding: [ours]) { script in
            script.reaction = { request in
                guard !request.isLive, request.filters.contains(where: { $0.matches(giant) }),
                    request.filters.allSatisfy({ $0.until == nil })
                else { return .answer }
                let text = Array("[\"EVENT\",\"\(request.id)\",\(giant.text)]".utf8)
                var bytes: [UInt8] = []
                for start in stride(from: 0, to: text.count, by: 7_000) {
                    var frame = WebSocketFrame(
                        opcode: start == 0 ? 1 : 0,
                        payload: Array(text[start..<min(start + 7_000, text.count)]))
                    frame.isFinal = start + 7_000 >= text.count
                    bytes += frame.bare + WebSocketFrame.ping([1]).bare
                }
                let end = Array("[\"EOSE\",\"\(request.id)\"]".utf8)
                return .raw(bytes + WebSocketFrame(opcode: 1, payload: end).bare)
            }
        }
        try await gather(from: relay) { house in
            try await house.gathers([ours])
            try await house.completes()
            try await eventually("the fact") { !skipped(house).isEmpty }
            #expect(ends(house) == [])
        }
    }

    @Test func `a live one is counted, and nothing else happens`() async throws {
        let relay = try await ScriptedRelay(holding: [ours])
        try await gather(from: relay) { house in
            try await house.gathers([ours])
            try await house.completes()
            let live = Event.issue("live", of: ours, at: 1_799_999_999)
            let long = giant(at: 1_799_999_998)
            relay.publish([long, live])
            try await house.gathers([live])
            // While one live subscription takes another's place, both bring it.
            #expect(Set(skipped(house).map(\.outline?.event.id)) == [long.id])
            #expect(ends(house) == [])
        }
    }

    @Test func `an audit comes to its end all the same`() async throws {
        let issues = Event.issues(5, of: ours)
        let relay = try await ScriptedRelay(holding: [ours, giant(at: 1_700_000_102)] + issues)
        try await gather(from: relay) {
            $0.configuration.dailyResync = .milliseconds(200) ... .milliseconds(300)
        } _: { house in
            try await house.gathers([ours] + issues)
            try await eventually("an audit", within: .seconds(150)) {
                house.facts.facts.contains { if case .auditCompleted = $0 { true } else { false } }
            }
            #expect(ends(house) == [])
        }
    }

    @Test func `one of which nothing can be made out is a gap that shows`() async throws {
        let address = ours.address?.text ?? ""
        let relay = try await ScriptedRelay(holding: [ours]) { script in
            script.reaction = { request in
                guard !request.isLive,
                    request.filters.contains(where: { $0.values(of: "a")?.contains(address) == true })
                else { return .answer }
                let content = String(repeating: "z", count: 30_000)
                return .raw(
                    [
                        "[\"EVENT\",\"\(request.id)\",{\"content\":\"\(content)\"}]",
                        "[\"EOSE\",\"\(request.id)\"]",
                    ]
                    .flatMap { WebSocketFrame.text($0).bare })
            }
        }
        try await gather(from: relay) { house in
            try await house.gathers([ours])
            try await eventually("the failure", within: .seconds(150)) {
                house.facts.facts.contains {
                    if case .batchFailed(_, _, .unreadableEvent, _) = $0 { true } else { false }
                }
            }
            #expect(ends(house) == [])
            // It is being tried again now and then.
            try await eventually("the reason") {
                let missing = await house.manager.explain(try relay.relayURL)?.missing ?? []
                return missing.contains { "\($0)".contains("unreadable-event") }
            }
        }
    }

    @Test func `too many bytes of them are misconduct`() async throws {
        let relay = try await ScriptedRelay(holding: [ours])
        let name = try relay.relayURL
        try await gather(from: relay) {
            $0.configuration.limits.askedBytesPerOffence = 100
        } _: { house in
            try await house.gathers([ours])
            try await house.completes()
            relay.publish((0..<10).map { giant(at: 1_799_999_900 + Int64($0)) })
            try await eventually("the end", within: .seconds(150)) {
                house.facts.facts.contains(.misbehaved(name))
            }
        }
    }

    @Test(arguments: [
        (
            WebSocketFrame.text("[\"NOTICE\",\"\(String(repeating: "z", count: 30_000))\"]"),
            LinkEnd.giantMessage
        ),
        (.text(String(repeating: "z", count: 30_000)), .giantMessage),
        (
            .text("[\"EVENT\",\"x\",{\"content\":\"\(String(repeating: "z", count: 100_000))\"}]"),
            .giantMessage
        ),
        (.binary([1, 2, 3]), .binaryMessage),
    ])
    func `what else is too long, or no text, ends the link with its reason`(
        frame: WebSocketFrame, end: LinkEnd
    ) async throws {
        let relay = try await ScriptedRelay(holding: [ours])
        try await gather(from: relay) {
            $0.transport.maxLengthInParts = 50_000
            // What is last stays to be seen.
            $0.configuration.backoffBase = .seconds(60)
            $0.configuration.backoffMax = .seconds(60)
        } _: { house in
            try await house.gathers([ours])
            try await house.completes()
            relay.say(raw: frame.bare)
            try await eventually("the end", within: .seconds(150)) { ends(house) == [end] }
            #expect(try await house.stand(relay)?.lastFailure == end.rawValue)
        }
    }
}

extension WebSocketFrame {
    /// As a server sends it.
    fileprivate var bare: [UInt8] {
        var frame = self
        frame.mask = nil
        return frame.encoded
    }
}

extension Event {
    /// Its fields as they stand in the JSON.
    fileprivate var parts:
        (id: String, pubkey: String, createdAt: Int64, kind: Int, tags: String, content: String, sig: String)
    {
        let bytes = json
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        return (
            id.hex, pubkey.hex, createdAt.seconds, Int(kind.rawValue),
            text(layout.tagsStart..<layout.tagsEnd),
            text(layout.contentStart..<layout.contentEnd), text((bytes.count - 130)..<(bytes.count - 2))
        )
    }
}
