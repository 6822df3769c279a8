// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// A handful of spans in **seconds**, and what is said about them.
struct Latencies {
    private var spans: [Double]

    init(_ spans: [Double]) { self.spans = spans.sorted() }

    var count: Int { spans.count }

    /// The span below which `part` of them lie.
    func quantile(_ part: Double) -> Double {
        spans.isEmpty ? 0 : spans[min(spans.count - 1, Int(Double(spans.count) * part))]
    }

    /// `0.41 / 1.20 ms`.
    var description: String {
        String(format: "%.2f / %.2f ms", quantile(0.5) * 1000, quantile(0.99) * 1000)
    }
}
