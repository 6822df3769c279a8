// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Frames that are made before the clock runs, one behind the other, so that any run of them is one write.
struct FrameList {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = [0]

    var count: Int { ends.count - 1 }

    /// Adds one step of a conversation: a frame, or several that go out together.
    mutating func append(_ payloads: [UInt8]...) {
        for payload in payloads { bytes += LoadConnection.frame(payload) }
        ends.append(bytes.count)
    }

    /// Where the first `count` of them end.
    func end(of count: Int) -> Int { ends[count] }

    /// Where number `index` lies.
    subscript(index: Int) -> Range<Int> { ends[index]..<ends[index + 1] }
}
