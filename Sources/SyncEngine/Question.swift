// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// What the planner wants to know of our own store.
enum Question: Sendable {
    case events(StoreQuestionID, StoreQuestion)
    case absent(StoreQuestionID, [Reference])

    /// Reads the answer and hands it over, page by page.
    ///
    /// - Throws: when the task is cancelled.
    func answer(from reader: StoreReader, to mailbox: SyncMailbox) async throws {
        switch self {
        case .events(let id, let question):
            try await reader.events(matching: question.filters) { events, isLast in
                await mailbox.deliver(.found(id, events, isLast: isLast))
            }
        case .absent(let id, let references):
            let absent = try await reader.absent(of: references)
            await mailbox.deliver(.absent(id, absent))
        }
    }
}
