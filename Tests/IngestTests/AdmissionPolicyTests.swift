// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing

@testable import Ingest

@Suite struct AdmissionPolicyTests {
    static let now = Timestamp(1_700_000_000)
    static let client = IngestSource.client(authenticated: [])

    func refusal(
        _ event: Event, from source: IngestSource = client,
        _ change: (inout PublishingLimits) -> Void = { _ in }
    ) -> Rejection? {
        var limits = PublishingLimits()
        change(&limits)
        return Admission(limits: limits).refusal(of: event, from: source, at: Self.now)
    }

    @Test(arguments: [30_617, 30_618, 1617, 1618, 1619] as [Kind])
    func `what tells of a repository may be larger than other events`(kind: Kind) {
        func event(_ kind: Kind) -> Event {
            .fixture(kind: kind, tags: (0..<5).map { .of("refs/heads/\($0)", "x") }, content: "12345")
        }
        func limits(_ limits: inout PublishingLimits) {
            (limits.maxEventBytes, limits.maxEventTags, limits.maxContentLength) = (10, 4, 4)
            (limits.repository.maxEventTags, limits.repository.maxContentLength) = (5, 5)
        }
        #expect(refusal(event(kind), limits) == nil)
        #expect(refusal(event(.issue), limits) == .tooLarge(limit: 10))
        #expect(
            refusal(event(kind)) {
                limits(&$0)
                $0.repository.maxEventTags = 3
            } == .tooManyTags(limit: 4), "what everybody may is no less for them")
        #expect(
            refusal(event(kind)) {
                limits(&$0)
                $0.repository.maxEventBytes = 20
            } == .tooLarge(limit: 20))
    }

    @Test func `gift wraps are dated up to two days back, whatever the limit`() {
        func wrap(_ age: Int64) -> Event { .fixture(kind: 1059, at: Self.now.seconds - age) }
        #expect(refusal(wrap(2 * 86_400)) { $0.createdAtLowerLimit = 60 } == nil)
        #expect(refusal(wrap(3 * 86_400)) { $0.createdAtLowerLimit = 60 } == .tooOld(limit: 2 * 86_400 + 900))
        #expect(refusal(wrap(3 * 86_400)) { $0.createdAtLowerLimit = 4 * 86_400 } == nil)
        let note = Event.fixture(at: Self.now.seconds - 61)
        #expect(refusal(note) { $0.createdAtLowerLimit = 60 } == .tooOld(limit: 60))
    }

    @Test func `authentication events are refused from anyone`() {
        for source in [Self.client, .importer, .bridge, .operator] {
            #expect(refusal(.fixture(kind: .clientAuthentication), from: source) == .authenticationEvent)
        }
    }

    @Test func `created_at has limits of its own in each direction`() {
        let ahead = Event.fixture(at: Self.now.seconds + 901)
        #expect(refusal(ahead) == .tooFarAhead(limit: 900))
        #expect(refusal(.fixture(at: Self.now.seconds + 900)) == nil)
        #expect(refusal(ahead) { $0.createdAtUpperLimit = nil } == nil)
        #expect(refusal(ahead, from: .importer) == nil, "a backup is restored as it was")
        #expect(refusal(.fixture(at: 0)) == nil)
        #expect(refusal(.fixture(at: 0)) { $0.createdAtLowerLimit = 60 } == .tooOld(limit: 60))
        #expect(
            refusal(.fixture(at: 0), from: .bridge) { $0.createdAtLowerLimit = 60 } == nil, "history is old")
        #expect(refusal(.fixture(at: Int64.max)) == .tooFarAhead(limit: 900))
    }

    @Test func `an event that has expired is refused unless it is ephemeral`() {
        let tags: [Tag] = [.of("expiration", "1699999999")]
        #expect(refusal(.fixture(tags: tags)) == .expired)
        #expect(refusal(.fixture(tags: tags), from: .importer) == .expired)
        #expect(refusal(.fixture(kind: 20000, tags: tags)) == nil)
        #expect(refusal(.fixture(tags: [.of("expiration", "1700000001")])) == nil)
    }

    @Test func `size, tags and content have limits`() {
        let event = Event.fixture(tags: Array(repeating: ["t"], count: 4), content: "é🐦\n\"")
        #expect(refusal(event) { $0.maxEventTags = 3 } == .tooManyTags(limit: 3))
        #expect(refusal(event) { $0.maxEventTags = 4 } == nil)
        #expect(refusal(event) { $0.maxContentLength = 3 } == .contentTooLong(limit: 3))
        #expect(refusal(event) { $0.maxContentLength = 4 } == nil, "characters, not bytes")
        #expect(
            refusal(event) { $0.maxEventBytes = event.json.count - 1 }
                == .tooLarge(limit: event.json.count - 1))
        #expect(refusal(event) { $0.maxEventBytes = event.json.count } == nil)
        #expect(refusal(event, from: .operator) { $0.maxEventTags = 1 } == nil)
    }

    @Test func `a protected event comes from its authenticated author`() {
        let event = Event.fixture(tags: [["-"]])
        let author = TestKey.publicKey(0)
        #expect(refusal(event) == .protected(isAuthenticated: false))
        #expect(
            refusal(event, from: .client(authenticated: [TestKey.publicKey(1)]))
                == .protected(isAuthenticated: true))
        #expect(refusal(event, from: .client(authenticated: [TestKey.publicKey(1), author])) == nil)
        #expect(refusal(event, from: .importer) == nil)
    }

    @Test(arguments: [true, false])
    func `an upstream and a stream are bounded as a client is, but may bring what is old and idle`(
        isStream: Bool
    ) throws {
        let relay = try RelayURL("wss://upstream.test")
        let upstream = isStream ? IngestSource.stream("mirror", relay) : .upstream(relay)
        #expect(refusal(.fixture(kind: .clientAuthentication), from: upstream) == .authenticationEvent)
        #expect(refusal(.fixture(at: Self.now.seconds + 901), from: upstream) == .tooFarAhead(limit: 900))
        #expect(refusal(.fixture(at: 0), from: upstream) { $0.createdAtLowerLimit = 60 } == nil)
        #expect(refusal(.fixture(), from: upstream) { $0.minPowDifficulty = 200 } == nil)
        let event = Event.fixture(tags: [["t"], ["t"]], content: "four")
        #expect(refusal(event, from: upstream) == nil)
        #expect(refusal(event, from: upstream) { $0.maxEventTags = 1 } == .tooManyTags(limit: 1))
        #expect(refusal(event, from: upstream) { $0.maxContentLength = 3 } == .contentTooLong(limit: 3))
        #expect(refusal(event, from: upstream) { $0.maxEventBytes = 99 } == .tooLarge(limit: 99))
        #expect(refusal(.fixture(tags: [.of("expiration", "1699999999")]), from: upstream) == .expired)
        #expect(refusal(.fixture(tags: [["-"]]), from: upstream) == .protected(isAuthenticated: true))
    }

    @Test func `work is counted in the id and bounded by what was committed`() throws {
        let event = try #require(
            (0..<5_000).lazy.map { Event.fixture(tags: [.of("nonce", "\($0)", "8")]) }
                .first { $0.id.bytes.words.0.leadingZeroBitCount >= 8 })
        #expect(refusal(event) { $0.minPowDifficulty = 8 } == nil)
        let difficulty = event.id.bytes.words.0.leadingZeroBitCount
        #expect(
            refusal(event) { $0.minPowDifficulty = 30 } == .tooLittleWork(difficulty: difficulty, needed: 30))
        let low = try #require(
            (0..<5_000).lazy.map { Event.fixture(tags: [.of("nonce", "\($0)", "2")]) }
                .first { $0.id.bytes.words.0.leadingZeroBitCount >= 8 })
        #expect(refusal(low) { $0.minPowDifficulty = 8 } == .tooLittleWork(difficulty: 2, needed: 8))
        #expect(refusal(low, from: .bridge) { $0.minPowDifficulty = 8 } == nil)
    }
}
