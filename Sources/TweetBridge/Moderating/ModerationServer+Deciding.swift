// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOHTTP1
import RelayTransport
import TweetCore

// Verdicts on one item or many.
extension ModerationServer {
    /// What became of a decision about one item.
    struct Outcome: Sendable {
        let number: UInt64
        /// As it is now; `nil` where there is none.
        let item: ModerationItem?
        /// Why nothing was decided.
        let problem: Problem?

        struct Problem: Sendable {
            let status: HTTPResponseStatus
            let text: String
        }
    }

    /// Decides about one after the other: each is a transaction of its own, and one that fails keeps no other from being decided.
    ///
    /// - Parameter items: their numbers, and what they were when they were looked at.
    func decide(
        _ verdict: ModerationDecision.Verdict, _ items: [(number: UInt64, revision: UInt32?)],
        reason: String, by moderator: Moderator
    ) async throws(ModerationRefusal) -> [Outcome] {
        guard moderator.role >= .moderator else {
            throw ModerationRefusal(.forbidden, "\(moderator.name) may look and not decide.")
        }
        guard !items.isEmpty else { throw ModerationRefusal(.badRequest, "Choose what it is about first.") }
        guard items.count <= limits.decisions else {
            throw ModerationRefusal(
                .badRequest, "At most \(limits.decisions) items are decided about at once.")
        }
        var outcomes: [Outcome] = []
        for (number, revision) in items {
            let decision = ModerationDecision(verdict, .item(number), reason: reason, revision: revision)
            do throws(BridgeStoreError) {
                let item = try await store.decide(decision, by: moderator.name, through: .web)
                outcomes.append(Outcome(number: number, item: item, problem: nil))
            } catch { outcomes.append(failed(number, revision, error)) }
        }
        return outcomes
    }

    private func failed(_ number: UInt64, _ revision: UInt32?, _ error: BridgeStoreError) -> Outcome {
        let item = try? store.item(number)
        let problem: Outcome.Problem =
            switch error {
            case .missing: .init(status: .notFound, text: "There is no item #\(number).")
            case .conflict: .init(status: .conflict, text: sentence(number, item, since: revision))
            case .refused(let why): .init(status: .conflict, text: "Item #\(number): \(why).")
            case .busy, .tooMuch, .unreadable, .failed:
                .init(status: .serviceUnavailable, text: "Item #\(number): the store does not answer.")
            }
        return Outcome(number: number, item: item, problem: problem)
    }

    /// Who was faster.
    ///
    /// - Parameter seen: the revision that was looked at.
    private func sentence(_ number: UInt64, _ item: ModerationItem?, since seen: UInt32?) -> String {
        let first = try? store.audit(of: number).first { $0.revision > seen ?? 0 }
        guard let item, let first else { return "Item #\(number) has changed meanwhile." }
        return
            "Item #\(number): \(first.actor.label), was first: \(first.to.rawValue), \(UTCMoment.text(first.at)). It is \(item.state.rawValue) now; your decision was not taken."
    }

    /// A form of ours, of a list or of one item.
    func decide(_ request: HTTPRequest, _ visitor: Visitor) async throws(ModerationRefusal) -> HTTPResponse {
        let form = request.form
        guard let verdict = form["verdict"].flatMap({ ModerationDecision.Verdict(rawValue: $0) }) else {
            throw ModerationRefusal(.badRequest, "The form has no verdict.")
        }
        let names = form.all("item")
        let items = names.compactMap(ItemLine.read)
        guard items.count == names.count else {
            throw ModerationRefusal(.badRequest, "The form names something that is no item.")
        }
        let outcomes = try await decide(
            verdict, items.map { ($0.number, $0.revision) }, reason: form["reason"] ?? "",
            by: visitor.moderator)
        let back = form["back"].map { ModerationQuery(FormFields($0)) }
        let problems = outcomes.compactMap(\.problem)
        let done = Self.summary(verdict, outcomes.filter { $0.problem == nil }.map(\.number))
        guard let worst = problems.first else {
            state.withLockedValue { $0.sessions.tell(done, to: visitor.secret) }
            if let back { return .seeOther(back.path) }
            return .seeOther(ModerationPath.item(outcomes[0].number).text)
        }
        let text = (problems.count < outcomes.count ? [done] : []) + problems.prefix(20).map(\.text)
        let notice = ModerationPages.Notice.problem(text.joined(separator: " "))
        if back == nil, let only = outcomes.first, only.item != nil {
            return try await showItem(only.number, visitor, status: worst.status, notice: notice)
        }
        return try showList(back ?? ModerationQuery(), visitor, status: worst.status, notice: notice)
    }

    /// `Approved #5.`, `Rejected 3 items.`
    private static func summary(_ verdict: ModerationDecision.Verdict, _ numbers: [UInt64]) -> String {
        let word = verdict.state.label
        return numbers.count == 1 ? "\(word) #\(numbers[0])." : "\(word) \(numbers.count) items."
    }
}
