// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore

extension StoreError {
    /// Whether one event or row may be the cause, so that its batch mates may still be written.
    var mayBeOnePart: Bool {
        switch self {
        case .full, .misuse, .corrupt: true
        case .io, .wrongFormat, .locked, .busy, .unready, .changed: false
        }
    }

    /// Whether it says something about the store rather than about what it was asked.
    var isTheStores: Bool {
        if case .misuse = self { false } else { true }
    }

    /// For the sender of an event: no paths, no numbers.
    var reasonForSenders: String {
        switch self {
        case .full: "no room left"
        case .misuse: "cannot be written"
        case .io, .corrupt, .wrongFormat, .locked, .busy, .unready, .changed: "the store failed"
        }
    }
}
