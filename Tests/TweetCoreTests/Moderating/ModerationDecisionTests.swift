// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import TweetCore

@Suite struct ModerationDecisionTests {
    private let id = Event.fixture(content: "target").id
    private let space = ModerationDecision.namespace
    private let relay = TestKey.publicKey(77)
    private var third: NostrCore.Tag { .of("i", "item:\(relay.hex):3") }

    private func label(_ word: String, _ more: NostrCore.Tag...) -> [ModerationDecision] {
        ModerationDecision.decisions(
            of: .fixture(
                kind: 1985, tags: [.of("L", space), .of("l", word, space)] + more, content: "because"),
            at: relay)
    }

    @Test func `a label of our namespace decides about what it names`() {
        #expect(
            label("approve", .of("e", id.hex), .of("i", "twitter:12"), third, .of("p", "x"))
                == [
                    ModerationDecision(.approve, .event(id), reason: "because"),
                    ModerationDecision(.approve, .post(PostID(12)), reason: "because"),
                    ModerationDecision(.approve, .item(3), reason: "because"),
                ])
        #expect(label("hold", third).first?.verdict.state == .held)
    }

    @Test func `a report rejects`() {
        let report = Event.fixture(kind: 1984, tags: [.of("e", id.hex, "spam"), .of("p", "x", "spam")])
        #expect(
            ModerationDecision.decisions(of: report, at: relay) == [ModerationDecision(.reject, .event(id))])
    }

    @Test func `other words, other namespaces, two words at once and other kinds decide nothing`() {
        #expect(label("maybe", .of("e", id.hex)).isEmpty)
        #expect(label("approve", .of("l", "reject", space), .of("e", id.hex)).isEmpty)
        #expect(
            label("approve", .of("e", "not an id"), .of("i", "twitter:x"), .of("i", "item:\(relay.hex):-1"))
                .isEmpty)
        let foreign = Event.fixture(kind: 1985, tags: [.of("l", "approve", "other"), .of("e", id.hex)])
        #expect(ModerationDecision.decisions(of: foreign, at: relay).isEmpty)
        let note = Event.fixture(kind: 1, tags: [.of("l", "approve", space), .of("e", id.hex)])
        #expect(ModerationDecision.decisions(of: note, at: relay).isEmpty)
    }

    @Test func `the number of an item counts at the relay whose key is named, and nowhere else`() {
        #expect(label("approve", .of("i", "item:3")).isEmpty)
        #expect(label("approve", .of("i", "item:\(TestKey.publicKey(78).hex):3")).isEmpty)
        #expect(label("approve", .of("i", "item:\(relay.hex)")).isEmpty)
    }

    @Test func `one event names no more than a hundred`() {
        let tags = (0..<200).map { NostrCore.Tag.of("i", "item:\(relay.hex):\($0)") }
        #expect(
            ModerationDecision.decisions(of: .fixture(kind: 1984, tags: tags), at: relay).count
                == ModerationDecision.mostTargets)
    }
}

@Suite struct ModeratorTests {
    @Test func `each role may what those before it may`() {
        #expect(ModeratorRole.viewer < .moderator && .moderator < .admin)
    }

    @Test func `a token signs in and is kept nowhere`() throws {
        let ann = try #require(Moderator(name: "ann", role: .admin, token: "secret", at: 0))
        #expect(ann.accepts(token: "secret"))
        #expect(!ann.accepts(token: "Secret"))
        #expect(!"\(ann)".contains("secret"))
        let bob = try #require(Moderator(name: "bob", role: .viewer, at: 0))
        #expect(!bob.accepts(token: ""))
    }

    @Test(arguments: ["", "a b", "a/b", "ä", String(repeating: "a", count: 65)])
    func `what is no name is refused`(name: String) {
        #expect(Moderator(name: name, role: .viewer, at: 0) == nil)
    }
}
