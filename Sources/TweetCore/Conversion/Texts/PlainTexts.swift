// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

// Texts for people who look at a list: without HTML's escapes, and with links that say where they go.

extension Post {
    /// The whole text.
    public var plainText: String { PostText(self).plain() }
}

extension User {
    /// What the account says of itself.
    public var plainAbout: String? { about.map(HTMLText.decoded) }
}
