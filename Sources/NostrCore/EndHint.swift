// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What an `EOSE` says about the stored events that were not sent (NIP-67). Without one nobody knows.
public enum EndHint: String, Hashable, Sendable {
    /// Every stored event that matches was sent: there is nothing to page for.
    case finish
    /// There are more than were sent.
    case more
}
