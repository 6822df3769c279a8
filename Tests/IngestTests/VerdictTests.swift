// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import Testing

@Suite struct VerdictTests {
    @Test(arguments: [
        (Verdict.stored(CommitSequence(rawValue: 7)), true, ""),
        (.ephemeral, true, ""),
        (.duplicate, true, "duplicate: have this event"),
        (.superseded, false, "duplicate: a newer version is stored"),
        (.held, false, "blocked: refers to nothing accepted here"),
        (
            .heldForLength, false,
            "blocked: refers to nothing accepted here, and it is longer than 65536 bytes"
        ),
        (.rejected(.unrelated), false, "blocked: refers to nothing accepted here"),
        (.rejected(.wrongID), false, "invalid: the id is not the hash of the event"),
        (.rejected(.badSignature), false, "invalid: bad signature"),
        (.rejected(.expired), false, "invalid: the event has expired"),
        (.rejected(.deleted), false, "blocked: this event was deleted"),
        (.rejected(.vanished), false, "blocked: its author asked to vanish"),
        (
            .rejected(.tooFarAhead(limit: 900)), false,
            "invalid: created_at is more than 900 seconds in the future"
        ),
        (.rejected(.tooOld(limit: 60)), false, "invalid: created_at is more than 60 seconds in the past"),
        (.rejected(.tooLittleWork(difficulty: 3, needed: 8)), false, "pow: difficulty 3 is less than 8"),
        (.rejected(.rule("blocked: because")), false, "blocked: because"),
        (.failed("busy"), false, "error: busy"),
    ])
    func `a verdict has one text`(verdict: Verdict, accepted: Bool, message: String) {
        #expect(verdict.ok.accepted == accepted)
        #expect(verdict.ok.message == message)
    }

    @Test func `every refusal begins with a word that NIP-01 or NIP-42 knows`() {
        let rejections: [Rejection] = [
            .wrongID, .badSignature, .expired, .deleted, .vanished, .tooFarAhead(limit: 1), .tooOld(limit: 1),
            .authenticationEvent, .tooLarge(limit: 1), .tooManyTags(limit: 1), .contentTooLong(limit: 1),
            .tooLittleWork(difficulty: 0, needed: 1), .protected(isAuthenticated: true),
            .protected(isAuthenticated: false), .unrelated, .unindexable("because"),
        ]
        let words = ["duplicate", "pow", "blocked", "invalid", "restricted", "auth-required", "error"]
        for rejection in rejections {
            let word = rejection.message.prefix { $0 != ":" }
            #expect(words.contains(String(word)), "\(rejection)")
            #expect(rejection.message.dropFirst(word.count).hasPrefix(": "))
        }
    }

    @Test func `only what could not be judged may be tried again`() {
        #expect(!Verdict.failed("busy").isFinal)
        #expect(Verdict.held.isFinal && Verdict.duplicate.isFinal && Verdict.rejected(.wrongID).isFinal)
    }
}
