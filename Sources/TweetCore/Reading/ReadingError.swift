// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why an answer of X cannot be read. Nothing of what X wrote is repeated but names of fields.
public enum ReadingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is no JSON, from this byte on.
    case notJSON(at: Int)
    /// It is over one of ``ReadingLimits``.
    case tooLarge
    /// Something that must be there is not, or is no number of a post or an account; where, as in `data[3].author_id`.
    case wrong(at: String)

    public var description: String {
        switch self {
        case .notJSON(let place): "no JSON from byte \(place) on"
        case .tooLarge: "too large"
        case .wrong(let place): "wrong or missing: \(place)"
        }
    }
}
