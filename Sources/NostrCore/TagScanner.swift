// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Walks the tags of an event's canonical bytes without allocating.
public struct TagScanner {
    private var position: Int
    private let end: Int

    public init(_ layout: EventLayout) { self.init(start: layout.tagsStart, end: layout.tagsEnd) }

    /// From the `[` that opens the tags to one past the `]` that closes them.
    public init(start: Int, end: Int) {
        position = start
        self.end = end
    }

    /// The next tag; `nil` after the last.
    public mutating func next(in json: Span<UInt8>) -> ScannedTag? { fatalError("not written yet") }
}
