// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which Rookery this is.
enum Version {
    /// Semantic version; the newest entry of CHANGELOG.md.
    static let text = "0.1.0"
}
