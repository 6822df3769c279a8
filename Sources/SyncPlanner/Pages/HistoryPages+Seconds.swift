// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

// A page brought nothing new and may be capped: its second may hold more. Filters are asked one by one; a higher limit is
// asked; the filter is cut into halves; the relay's cap is measured with a filter that matches anything, and what is
// older is asked for.
extension HistoryPages {
    /// A page of this filter alone brought nothing new, and may be all that the relay returns.
    ///
    /// - Parameter isFew: whether it is so few that a cap is next to impossible.
    mutating func unstick(_ slice: Slice, isFew: Bool, limits: UpstreamLimits) {
        if limit < limits.pageSizeMax, !isFew {
            limit = min(limits.pageSizeMax, limit * 4)
            slices = [slice] + slices
        } else if !isFew, let (first, second) = slice.filter.halves {
            slices = [slice.asking(first), slice.asking(second)] + slices
        } else if slice.boundary.count < limit {
            slices = [slice] + slices
            isMeasuring = true
            stuckBytes = page.bytes
            limit = slice.boundary.count + 1
        } else {
            stepOver(slice, isGap: true)
        }
    }

    /// The relay was asked for one event more than the page that is stuck holds, of whatever kind.
    mutating func measured(caps: inout ObservedCaps, limits: UpstreamLimits) -> Step {
        isMeasuring = false
        limit = limits.pageSizeMax
        caps.note(pageIDs.count, of: Filter())
        let slice = slices.removeFirst()
        let known = slice.boundary.count
        let isWhole: Bool =
            if pageIDs.count > known {
                true
            } else if !pageIDs.isSubset(of: slice.boundary) {
                // There is more than it returns.
                false
            } else if known < caps.plausible {
                true
            } else {
                // It shows nothing but this second, whatever it is asked.
                pageIDs.count == known && stuckBytes < Self.leastBytes && !Self.looksLikeCap(known)
            }
        stepOver(slice, isGap: !isWhole)
        arrange()
        return slices.isEmpty ? .finished : .nextPage
    }

    /// **Bytes** of an answer that no relay cuts.
    private static let leastBytes = 32 * 1024

    /// Whether people choose such numbers for limits.
    private static func looksLikeCap(_ count: Int) -> Bool {
        count % 10 == 0 || count % 25 == 0 || count.nonzeroBitCount == 1
    }

    /// Goes on below a second.
    ///
    /// - Parameter isGap: whether there may be more in it. If not, it is the oldest: should anything older come,
    ///   the page was capped all the same, as it may be for a tag alone.
    private mutating func stepOver(_ slice: Slice, isGap: Bool) {
        if isGap { hasGap = true }
        var slice = slice
        guard slice.leaveSecond() else { return }
        slice.isAtItsEnd = !isGap
        slices = [slice] + slices
    }
}
