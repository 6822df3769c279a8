// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Negentropy

/// The items of one set, walked along in their order, with the sum of what was passed.
///
/// A value: a copy goes its own way. Passing many items is meant to cost less than passing each.
protocol ItemRun {
    associatedtype Failure: Error

    /// The first item that was not passed; `nil` at the end.
    var next: NegentropyItem? { get }

    /// The sum of what was passed.
    var passed: NegentropySum { get }

    /// Passes what lies before `bound` and was not passed.
    mutating func pass(before bound: NegentropyBound) throws(Failure)

    /// Passes ``next``, if there is one.
    mutating func passNext() throws(Failure)

    /// Gives, in order, about one in `oneIn` of the items between two bounds, or more of them. Which ones, chance has to say, not
    /// their place.
    func sample(
        from start: NegentropyBound, to end: NegentropyBound, oneIn: Int, _ body: (NegentropyItem) -> Void
    ) throws(Failure)
}
