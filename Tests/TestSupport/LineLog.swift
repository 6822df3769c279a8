// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NIOConcurrencyHelpers

/// The lines that a program writes, as they come.
public final class LineLog: Sendable {
    private struct State {
        var lines: [String] = []
        var isAtEnd = false
    }

    private let state: NIOLockedValueBox<State>

    /// Reads `descriptor` to its end in a thread of its own, and closes it.
    init(reading descriptor: Int32) {
        let state = NIOLockedValueBox(State())
        self.state = state
        Thread.detachNewThread {
            var rest: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = Glibc.read(descriptor, &chunk, chunk.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                rest += chunk[..<count]
                let whole = rest.split(
                    separator: UInt8(ascii: "\n"), maxSplits: .max, omittingEmptySubsequences: false)
                let lines = whole.dropLast().map { String(decoding: $0, as: UTF8.self) }
                rest = Array(whole.last ?? [])
                state.withLockedValue { $0.lines += lines }
            }
            Glibc.close(descriptor)
            state.withLockedValue {
                if !rest.isEmpty { $0.lines.append(String(decoding: rest, as: UTF8.self)) }
                $0.isAtEnd = true
            }
        }
    }

    /// Every whole line so far.
    public var lines: [String] { state.withLockedValue { $0.lines } }
    /// Whether the program has closed its end.
    public var isAtEnd: Bool { state.withLockedValue { $0.isAtEnd } }
    /// Every line so far, as one text.
    public var text: String { lines.joined(separator: "\n") }

    /// Waits for a line that `isWanted`, from line number `start` on.
    ///
    /// - Throws: ``TimedOut``, also at once when the log ends without such a line.
    public func line(
        _ what: String, from start: Int = 0, within limit: Duration = patience,
        where isWanted: (String) -> Bool
    ) async throws -> String {
        try await eventually(what, within: limit) {
            let (lines, isAtEnd) = state.withLockedValue { ($0.lines, $0.isAtEnd) }
            if let line = lines.dropFirst(start).first(where: isWanted) { return line }
            if isAtEnd { throw TimedOut("\(what), before the log ended", after: limit) }
            return nil
        }
    }

    /// Waits until the program has closed its end, and returns every line.
    public func all(within limit: Duration = patience) async throws -> [String] {
        try await eventually("the end of the log", within: limit) { isAtEnd ? lines : nil }
    }
}
