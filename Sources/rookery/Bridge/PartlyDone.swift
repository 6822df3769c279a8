// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An order of which some was done, and some could not be.
struct PartlyDone: Error {
    /// What was done, for standard output.
    var lines: [String]
    /// What was not, and why.
    var problems: [String]

    var problem: String { problems.joined(separator: "; ") }
}
