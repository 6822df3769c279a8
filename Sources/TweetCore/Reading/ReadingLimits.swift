// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound on an answer of X. What is over one cannot be read, and is an error of the whole answer.
public struct ReadingLimits: Hashable, Sendable {
    /// **Bytes** of one answer, after decompression. A page of a hundred posts with all that belongs to them has about 600 kB.
    public var bytesMax = 16 << 20
    /// How deep arrays and objects may nest.
    public var depthMax = 32
    /// Values in one answer, members and elements alike.
    public var valuesMax = 500_000

    public init() {}
}
