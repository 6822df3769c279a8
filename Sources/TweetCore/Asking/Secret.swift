// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A text that is never shown: not in a description, not in a mirror, not in a log.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The text itself, for the one place that sends or seals it.
    public let revealed: String

    public init(_ text: String) { revealed = text }

    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
