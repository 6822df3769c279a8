// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Testing

/// How much the heavy tests do: `ROOKERY_TEST_SCALE=full` for the whole, which wants a release build.
enum TestScale {
    static let isFull = ProcessInfo.processInfo.environment["ROOKERY_TEST_SCALE"] == "full"

    /// `full` in the full pass, `quick` otherwise.
    static func pick<Value>(quick: Value, full: Value) -> Value { isFull ? full : quick }
}

extension Tag {
    /// Bounded by time and data that grow with ``TestScale``.
    @Tag static var heavy: Self
}
