// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Puts a message together.
struct MessageWriter {
    private(set) var bytes: [UInt8] = [Reconciliation.version]
    private var lastTimestamp: UInt64 = 0

    /// A place that can be gone back to.
    struct Mark {
        fileprivate let count: Int
        fileprivate let lastTimestamp: UInt64
    }

    var mark: Mark { Mark(count: bytes.count, lastTimestamp: lastTimestamp) }

    mutating func goBack(to mark: Mark) {
        bytes.removeLast(bytes.count - mark.count)
        lastTimestamp = mark.lastTimestamp
    }

    mutating func add(_ bound: NegentropyBound) {
        if bound.timestamp == .max {
            lastTimestamp = .max
            Varint.append(0, to: &bytes)
        } else {
            Varint.append(bound.timestamp - lastTimestamp + 1, to: &bytes)
            lastTimestamp = bound.timestamp
        }
        Varint.append(UInt64(bound.length), to: &bytes)
        if bound.length > 0 { bytes += bound.prefix.bytes.prefix(bound.length) }
    }

    mutating func add(_ mode: Reconciliation.Mode) { Varint.append(mode.rawValue, to: &bytes) }

    mutating func add(_ fingerprint: NegentropyFingerprint) {
        add(fingerprint.high)
        add(fingerprint.low)
    }

    mutating func add(count: Int) { Varint.append(UInt64(count), to: &bytes) }

    mutating func add(_ id: EventID) {
        let words = id.bytes.words
        add(words.0)
        add(words.1)
        add(words.2)
        add(words.3)
    }

    private mutating func add(_ word: UInt64) {
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }
}
