// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore

extension Submission {
    /// Those events of a range that were to be written fail.
    func decideRest(in range: Range<Int>, _ error: StoreError) {
        for index in range {
            if case .decided = slots[index] { continue }
            slots[index] = .decided(.failed(error.reasonForSenders))
        }
    }
}
