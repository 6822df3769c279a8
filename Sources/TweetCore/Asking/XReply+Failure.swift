// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XReply {
    /// Why it is no answer, by status, headers and body; `nil` for 2xx.
    ///
    /// - Parameter now: **milliseconds** since 1970.
    public func failure(at now: Int64, problems: [Problem]) -> XFailure? {
        let first = problems.first
        let detail = first.map { $0.detail.isEmpty ? $0.title : $0.detail } ?? ""
        switch status {
        case 200..<300: return nil
        case 429 where isCap(problems), 403 where isCap(problems): return .usageCapped(until: nil)
        case 402: return .outOfCredits
        case 429 where isCredits(problems), 403 where isCredits(problems): return .outOfCredits
        case 429: return .limited(until: limitedUntil(now))
        case 401: return .unauthorized(first.map(\.title) ?? "unauthorized")
        case 403: return .forbidden(detail.isEmpty ? "forbidden" : detail)
        case 400: return Self.staleSince(problems) ?? .invalid(Self.message(problems))
        case 404:
            for problem in problems { if let absence = problem.absence { return .absent(absence, problem) } }
            return .invalid("nothing is found at this address")
        case 408, 425, 500...: return .transient("status \(status)")
        default: return .invalid("status \(status)")
        }
    }

    /// The problems that a body tells; none where it is no JSON.
    public func problems(limits: ReadingLimits = ReadingLimits()) -> [Problem] {
        guard headers.saysJSON, let tree = try? JSONTree(body, limits: limits) else { return [] }
        return Problem.all(of: tree.root)
    }

    private func isCap(_ problems: [Problem]) -> Bool {
        problems.contains { $0.title == "UsageCapExceeded" || $0.type == "usage-capped" }
    }

    private func isCredits(_ problems: [Problem]) -> Bool {
        problems.contains {
            ["CreditsDepleted", "Payment Required"].contains($0.title) || $0.type == "credits-depleted"
        }
    }

    /// X's own moment, and a little more: its clock is not ours.
    private func limitedUntil(_ now: Int64) -> Int64? {
        let until: Int64?
        if let day = headers.day, day.remaining == 0 {
            until = day.reset + RateBudget.margin
        } else if let window = headers.window, window.remaining == 0 || headers.retryAfter == nil {
            until = window.reset + RateBudget.margin
        } else {
            until = headers.retryAfter.map { now + $0 }
        }
        return until.map { min($0, now + RateBudget.longest) }
    }

    /// `'since_id' must be a tweet id created after <moment>. Please use a 'since_id' that is larger than <id>`
    private static func staleSince(_ problems: [Problem]) -> XFailure? {
        for problem in problems where problem.parameter == "since_id" || problem.detail.contains("since_id") {
            guard let place = problem.detail.firstRange(of: "larger than ") else { continue }
            let digits = problem.detail[place.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber }
            if let id = PostID(digits) { return .staleSince(id) }
        }
        return nil
    }

    /// The first that says more than that the request was wrong.
    private static func message(_ problems: [Problem]) -> String {
        let telling = problems.first { $0.parameter != nil && !$0.detail.isEmpty } ?? problems.first
        guard let telling else { return "the request was refused" }
        return telling.detail.isEmpty ? telling.title : telling.detail
    }
}
