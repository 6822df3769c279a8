// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Duration {
    /// For the log: two digits that matter and a unit, as in `340ms`, `4.2s`, `45s`, `34min`, `23h` and `3d`.
    public var brief: String {
        let (seconds, attoseconds) = components
        let milliseconds =
            seconds.multipliedReportingOverflow(by: 1000).partialValue + attoseconds / 1_000_000_000_000_000
        return switch seconds {
        case ..<1: "\(milliseconds)ms"
        case ..<10: "\(milliseconds / 1000).\(milliseconds / 100 % 10)s"
        case ..<120: "\(seconds)s"
        case ..<7200: "\(seconds / 60)min"
        case ..<172_800: "\(seconds / 3600)h"
        default: "\(seconds / 86_400)d"
        }
    }
}
