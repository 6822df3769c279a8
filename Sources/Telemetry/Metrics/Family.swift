// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers

/// Metrics of one name that differ in their labels. Bounded: see ``limit``.
///
/// Keep the member at hand on hot paths; finding it takes a lock.
public final class Family<Metric: Sendable>: Sendable {
    /// The names of the labels, in the order in which values are given.
    public let labels: [String]
    /// At most this many members; further label values share one member whose values read ``overflowValue``.
    public let limit: Int
    private let make: @Sendable () -> Metric
    private let members = NIOLockedValueBox<[[String]: Metric]>([:])

    /// A family without members.
    public init(labels: [String], limit: Int, make: @escaping @Sendable () -> Metric) {
        precondition(!labels.isEmpty && limit > 0, "a family has labels and room for a member")
        self.labels = labels
        self.limit = limit
        self.make = make
    }

    /// The member with these label values, made when it is first asked for.
    public subscript(_ values: String...) -> Metric { member(values) }

    /// The member with these label values, made when it is first asked for.
    public func member(_ values: [String]) -> Metric {
        precondition(values.count == labels.count, "a member has one value for each label")
        return members.withLockedValue { members in
            if let known = members[values] { return known }
            // The shared member takes nobody's place, or a family that was full once would stay so.
            let shared = [String](repeating: familyOverflowValue, count: values.count)
            let isFull = members.count - (members[shared] == nil ? 0 : 1) >= limit
            let key = isFull ? shared : values
            if let known = members[key] { return known }
            let new = make()
            members[key] = new
            return new
        }
    }

    /// Forgets every member whose first label has this value.
    public func forget(_ value: String) {
        members.withLockedValue { members in
            for key in members.keys where key[0] == value { members[key] = nil }
        }
    }

    /// All members, ordered by their label values.
    var sorted: [(values: [String], metric: Metric)] {
        members.withLockedValue { $0.map { (values: $0.key, metric: $0.value) } }
            .sorted { $0.values.lexicographicallyPrecedes($1.values) }
    }
}

/// The label value of the member that takes what no longer fits into a family.
public let familyOverflowValue = "_other"
