// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension XReply {
    /// What X might send.
    static func fixture(
        _ status: Int, _ body: String, type: String? = "application/json; charset=utf-8",
        headers: [String: String] = [:]
    ) -> XReply {
        var all = headers
        all["content-type"] = type
        return XReply(status: status, headers: XHeaders { all[$0] }, body: Array(body.utf8))
    }
}

/// What was asked, and came to a failure.
func failure(_ reply: XReply, to question: XQuestion = .timeline(UserID(1), PageRange()), at now: Int64 = 0)
    -> XFailure?
{
    do {
        _ = try reply.answer(to: question, at: now)
        return nil
    } catch { return error }
}
