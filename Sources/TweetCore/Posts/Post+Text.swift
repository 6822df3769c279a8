// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Post {
    /// The whole text as its author wrote it: what X escapes is itself again; its links are still X's short ones.
    public var plainText: String { HTMLText.decoded(longText?.text ?? text) }
}
