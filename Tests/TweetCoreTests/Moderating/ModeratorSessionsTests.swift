// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

@Suite struct ModeratorSessionsTests {
    private let proof = SignInProof.token("hash")

    private func secret(_ number: UInt64) -> Bytes32 { Bytes32(words: (number, 2, 3, 4)) }

    private func bounds(_ change: (inout SessionBounds) -> Void = { _ in }) -> SessionBounds {
        var bounds = SessionBounds()
        change(&bounds)
        return bounds
    }

    @Test func `a session is found by its secret and by nothing else, and its forms by their token`() {
        var sessions = ModeratorSessions()
        let ann = sessions.begin(for: "ann", by: proof, secret: secret(1), at: 0)
        let bob = sessions.begin(for: "bob", by: .key("k"), secret: secret(9), at: 0)
        #expect(sessions.use(ann, at: 1)?.moderator == "ann")
        #expect(sessions.use(bob, at: 1)?.proof == .key("k"))
        #expect(sessions.use(String(ann.dropLast()) + "f", at: 1) == nil && sessions.use("", at: 1) == nil)
        let (first, second) = (sessions.use(ann, at: 1), sessions.use(bob, at: 1))
        #expect(first?.accepts(formToken: first?.formToken ?? "") == true)
        #expect(first?.accepts(formToken: second?.formToken ?? "") == false)
        #expect(first?.accepts(formToken: "") == false && first?.formToken != ann)
    }

    @Test func `a session ends after its life, after a rest, or when somebody signs out`() {
        var sessions = ModeratorSessions(
            bounds {
                $0.lifetime = 100
                $0.idleTime = 40
            })
        let ann = sessions.begin(for: "ann", by: proof, secret: secret(1), at: 0)
        for moment: Int64 in [39, 78, 99] { #expect(sessions.use(ann, at: moment) != nil) }
        #expect(sessions.use(ann, at: 100) == nil)
        let bob = sessions.begin(for: "bob", by: proof, secret: secret(2), at: 0)
        #expect(sessions.use(bob, at: 40) == nil && sessions.count == 0)
        let eve = sessions.begin(for: "eve", by: proof, secret: secret(3), at: 0)
        sessions.end(eve)
        #expect(sessions.use(eve, at: 0) == nil)
    }

    @Test func `there are never more than fit: one's own oldest goes first, then anybody's`() {
        var sessions = ModeratorSessions(
            bounds {
                $0.sessions = 4
                $0.perModerator = 2
            })
        let ann = (1...3).map { sessions.begin(for: "ann", by: proof, secret: secret($0), at: Int64($0)) }
        #expect(ann.indices.map { sessions.use(ann[$0], at: 4 + Int64($0)) != nil } == [false, true, true])
        let others = (10...12).map {
            sessions.begin(for: "m\($0)", by: proof, secret: secret($0), at: Int64($0))
        }
        #expect(sessions.count == 4)
        #expect(sessions.use(ann[1], at: 13) == nil && sessions.use(others[2], at: 13) != nil)
    }

    @Test func `a sentence is told once, to whom it was for`() {
        var sessions = ModeratorSessions()
        let ann = sessions.begin(for: "ann", by: proof, secret: secret(1), at: 0)
        let bob = sessions.begin(for: "bob", by: proof, secret: secret(2), at: 0)
        sessions.tell("done", to: ann)
        #expect(sessions.takeNotice(of: bob) == nil)
        #expect(sessions.takeNotice(of: ann) == "done" && sessions.takeNotice(of: ann) == nil)
    }

    @Test func `failures from one address count for a while, and few addresses are remembered`() {
        var failures = SignInFailures<Int>(most: 2, span: 100, addresses: 2)
        failures.add(1, at: 0)
        #expect(failures.wait(of: 1, at: 1) == nil)
        failures.add(1, at: 10)
        #expect(failures.wait(of: 1, at: 30) == 70 && failures.wait(of: 2, at: 30) == nil)
        #expect(failures.wait(of: 1, at: 100) == nil)
        failures.add(1, at: 100)
        failures.add(2, at: 110)
        failures.add(2, at: 111)
        failures.add(3, at: 120)
        failures.add(1, at: 121)
        #expect(failures.wait(of: 1, at: 122) == nil, "what was forgotten begins anew")
    }

    @Test func `a token or key that was changed proves nothing any more; another role changes neither`()
        throws
    {
        var ann = try #require(
            Moderator(name: "ann", role: .viewer, key: TestKey.publicKey(1), token: "old", at: 5))
        let proofs = [SignInProof.token(try #require(ann.tokenHash)), .key(TestKey.publicKey(1).hex)]
        var again = try #require(Moderator(name: "ann", role: .admin, at: 9))
        again.keepAccess(of: ann)
        #expect(proofs.allSatisfy(again.has) && again.accepts(token: "old") && again.addedAt == 5)
        ann.take(token: "new")
        #expect(ann.accepts(token: "new") && !ann.accepts(token: "old"))
        #expect(proofs.map(ann.has) == [false, true])
        ann.take(token: nil)
        #expect(!ann.accepts(token: "new") && !ann.accepts(token: ""))
    }
}
