// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why bytes are not an event.
public enum EventError: Error, Equatable, Sendable {
    /// A short constant reason in lower case, fit for the text after `invalid: `.
    case malformed(String)

    public var reason: String {
        switch self {
        case .malformed(let reason): reason
        }
    }
}
