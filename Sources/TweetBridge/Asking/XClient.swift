// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Asks X: within its limits and our money, in the words that it understands, again where that helps.
///
/// What is decided is decided in values (``Turnstile``, ``SpendLedger``, ``RequestRetries``); this waits, sends and tells them.
public actor XClient: TweetSource {
    let settings: XClientSettings
    let transport: XTransport
    let clock: BridgeClock
    let observer: any XObserver
    let sources: [Asker: any TokenSource]
    let keeper: any SpendKeeping
    var chance: any RandomNumberGenerator & Sendable
    var turnstile: Turnstile
    /// What was spent, and may be.
    public internal(set) var ledger: SpendLedger
    /// The words that X is asked in now.
    public internal(set) var vocabulary: Vocabulary
    var backlog = Backlog()

    /// - Parameters:
    ///   - sources: in the order of preference; the app's token before users'.
    ///   - ledger: as it was kept.
    public init(
        _ transport: XTransport, sources: [any TokenSource], ledger: SpendLedger,
        keeper: any SpendKeeping,
        clock: BridgeClock = .system,
        chance: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        observer: any XObserver = SilentXObserver()
    ) {
        self.transport = transport
        settings = transport.settings
        self.clock = clock
        self.observer = observer
        self.sources = Dictionary(
            sources.map { ($0.asker, $0) }, uniquingKeysWith: { first, _ in first })
        self.keeper = keeper
        self.chance = chance
        turnstile = Turnstile(sources.map(\.asker))
        self.ledger = ledger
        vocabulary = settings.vocabulary.first
    }

    public func ask(_ wanted: XQuestion, for purpose: SpendPurpose) async throws(XFailure) -> XAnswer {
        _ = try wanted.request(in: vocabulary, for: purpose)  // what is wrong costs nothing
        let (question, most) = try ledger.affordable(wanted, for: purpose, at: clock.now())
        let (reservation, changes) = try ledger.reserve(most, for: purpose, at: clock.now())
        do throws(XFailure) { try await keep(changes, for: purpose) } catch {
            defer { note(ledger.release(reservation), for: purpose) }
            throw error
        }
        do throws(Unanswered) {
            let answered = try await attempts(question, for: purpose)
            let receipt = Receipt(answered.page, to: question, prices: ledger.prices, owner: answered.owner)
            let changes = ledger.settle(
                reservation, receipt, request: Self.hash(of: question), asked: answered.asked,
                at: clock.now())
            await settle(changes, for: purpose)
            return answered.page
        } catch {
            if error.wasCharged {
                let request = Self.hash(of: question)
                await settle(ledger.forfeit(reservation, request: request, at: clock.now()), for: purpose)
            } else {
                await settle(ledger.release(reservation), for: purpose)
            }
            throw error.failure
        }
    }

    /// A question without an answer, after all attempts.
    private struct Unanswered: Error {
        var failure: XFailure
        /// X sent an answer, for which it takes money, and it could not be read.
        var wasCharged: Bool
    }

    private func attempts(
        _ question: XQuestion, for purpose: SpendPurpose
    ) async throws(Unanswered) -> (page: XAnswer, owner: UserID?, asked: Int64) {
        let start = clock.now()
        var count = 0
        var wasCharged = false
        while true {
            let (words, asked) = (vocabulary, clock.now())
            let failure: XFailure
            let hint: Int64?
            do throws(Refused) {
                let (reply, source) = try await exchange(
                    try request(question, in: words, for: purpose), leaving: purpose.leaves)
                if takesOtherWords(than: words, reply) { continue }
                return (try read(reply, for: question), source.owner, asked)
            } catch {
                (failure, hint) = (error.failure, error.hint)
                wasCharged = error.wasCharged || wasCharged
            }
            let now = clock.now()
            guard let wait = wait(after: failure, hint, &count, since: start), !Task.isCancelled else {
                // Who was not let through at all learned nothing about X.
                if case .transient = failure, count > 0, !Task.isCancelled { turnstile.gaveUp(at: now) }
                throw Unanswered(failure: failure, wasCharged: wasCharged)
            }
            observer.waits(question.route, milliseconds: wait, after: failure.label)
            // Cancelled sleep ends at once; so does the next attempt.
            try? await clock.sleep(wait)
        }
    }

    /// - Parameter count: of the requests that were made.
    private func wait(after failure: XFailure, _ hint: Int64?, _ count: inout Int, since start: Int64)
        -> Int64?
    {
        guard failure != Turnstile.resting else { return nil }
        count += 1
        let now = clock.now()
        return settings.retries.wait(
            after: failure, hint: hint, attempts: count, elapsed: now - start, at: now, using: &chance)
    }

    private func request(
        _ question: XQuestion, in words: Vocabulary, for purpose: SpendPurpose
    ) throws(Refused) -> XRequest {
        do { return try question.request(in: words, for: purpose) } catch { throw Refused(failure: error) }
    }

    private func read(_ reply: XReply, for question: XQuestion) throws(Refused) -> XAnswer {
        do throws(XFailure) {
            return try reply.answer(to: question, at: clock.now(), limits: settings.limits)
        } catch {
            var wasCharged = false
            // A page that is no JSON comes from somebody on the way.
            if case .transient = error { wasCharged = reply.status == 200 && reply.headers.saysJSON }
            throw Refused(failure: error, wasCharged: wasCharged, hint: reply.headers.retryAfter)
        }
    }

    /// X takes the words of a request no more: from now on it is asked in the others.
    private func takesOtherWords(than words: Vocabulary, _ reply: XReply) -> Bool {
        guard reply.status == 400, settings.vocabulary == .auto, words == settings.vocabulary.first,
            words.isRefused(by: reply.problems(limits: settings.limits))
        else { return false }
        if vocabulary == words {
            vocabulary = words.other
            observer.changed(to: vocabulary)
        }
        return true
    }

    /// FNV-1a, 64 bits: the same after a restart.
    private static func hash(of question: XQuestion) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        let request = try? question.request(in: .tweet, for: .ownPosts)
        for byte in (request?.target ?? "").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
