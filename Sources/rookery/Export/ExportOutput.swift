// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// Standard output, in large pieces.
struct ExportOutput {
    /// **Bytes** gathered before they are written.
    private static let pieceLength = 1 << 18

    private var buffer: [UInt8] = []
    /// Whether the other end still takes what is written.
    private(set) var isOpen = true
    /// Why it does not.
    private(set) var problem = ""

    /// Adds one line; `false` when it makes no sense to go on.
    mutating func append(_ line: Span<UInt8>) -> Bool {
        line.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.pieceLength { flush() }
        return isOpen
    }

    mutating func flush() {
        guard isOpen, !buffer.isEmpty else { return }
        if !Console.write(buffer, to: STDOUT_FILENO) {
            problem = SystemError.last
            isOpen = false
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
