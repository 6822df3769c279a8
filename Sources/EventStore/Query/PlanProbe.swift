// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A few entries of a plan's values, read to guess how many there are in any span of time.
struct PlanProbe: Sendable {
    /// What was read of one value.
    struct Sample: Hashable, Sendable {
        /// Inverted times, newest first.
        var times: [UInt64]
        /// Nothing older is there.
        var isWhole: Bool
    }

    var plan: QueryPlan
    var samples: [Sample]

    /// Values looked at, and entries of each.
    private static let valueMax = 8
    private static let entryMax = 32

    /// How many entries the plan has that are not older than `last` when time begins at `first`; both inverted.
    func entries(from first: UInt64, to last: UInt64) -> Double {
        guard !samples.isEmpty else { return 0 }
        var sum = 0.0
        for sample in samples {
            guard let oldest = sample.times.last else { continue }
            if last < oldest || sample.isWhole {
                sum += Double(sample.times.count(where: { $0 <= last }))
            } else {
                // As dense further back as among those read.
                let read = Double(oldest - min(first, oldest)) + 1
                sum += Double(sample.times.count) * max(1, (Double(last - min(first, last)) + 1) / read)
            }
        }
        return sum * Double(plan.values.count) / Double(samples.count)
    }

    /// Looks at some of a plan's values, evenly spread.
    static func read(
        _ plan: QueryPlan, _ window: TimeWindow, _ snapshot: borrowing some Snapshot & ~Copyable,
        _ schema: StoreSchema
    ) throws(StoreError) -> PlanProbe {
        var cursor = try Cursor(snapshot, schema[plan.table])
        var samples: [Sample] = []
        let count = min(plan.values.count, valueMax)
        for index in 0..<count {
            let value = plan.values[index * plan.values.count / count]
            var start = value.key(in: plan.table)
            start.append(window.first)
            var sample = Sample(times: [], isWhole: true)
            var isThere = try cursor.seek(start.span)
            while isThere, IndexValue(of: cursor.key, in: plan.table) == value {
                let time = Posting(endOf: cursor.key).invertedTime
                if time > window.last { break }
                sample.times.append(time)
                if sample.times.count == entryMax {
                    sample.isWhole = false
                    break
                }
                isThere = try cursor.next()
            }
            samples.append(sample)
        }
        return PlanProbe(plan: plan, samples: samples)
    }
}
