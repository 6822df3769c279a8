// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the status page shows to everybody who reaches the port.
enum StatusVisibility: String, CaseIterable, Sendable {
    /// All of it.
    case full
    /// Health and numbers, and no lists: nobody's repositories, relays or problems.
    case summary
    /// Name and address.
    case off
}

extension RelaySettings {
    /// What is shown: lists of what is stored here are for whoever may read what is stored here.
    var shownStatus: StatusVisibility {
        let isForAll = !policy.readsNeedAuthentication && policy.readers.isEmpty
        return statusPage == .full && !isForAll ? .summary : statusPage
    }
}
