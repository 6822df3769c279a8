// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XReply {
    /// What it answers to a question.
    ///
    /// - Parameter now: **milliseconds** since 1970.
    /// - Throws: ``XFailure``; ``XFailure/transient(_:)`` also for a body that cannot be read.
    public func answer(
        to question: XQuestion, at now: Int64, limits: ReadingLimits = ReadingLimits()
    ) throws(XFailure) -> XAnswer {
        let problems = status == 200 ? [] : problems(limits: limits)
        if let failure = failure(at: now, problems: problems) {
            guard case .absent(_, let problem) = failure, question.isLookup else { throw failure }
            // A look-up of which nothing was found: what is absent is an answer.
            var page = PostPage()
            page.problems = [problem] + problems.filter { $0 != problem }
            return page
        }
        guard headers.saysJSON else { throw .transient("the answer is no JSON") }
        let page: PostPage
        do { page = try PostPage(reading: body, of: question.subject, limits: limits) } catch {
            throw .transient("the answer cannot be read: \(error)")
        }
        if !question.isLookup, page.posts.isEmpty, page.next == nil {
            // A list of an account or post that is not to be had: 200, errors, no data.
            for problem in page.problems {
                if let absence = problem.absence { throw .absent(absence, problem) }
            }
        }
        return page
    }
}

extension XQuestion {
    /// Whether it asks for things by their names, of which some may be absent.
    var isLookup: Bool { pageSizes == nil }
}
