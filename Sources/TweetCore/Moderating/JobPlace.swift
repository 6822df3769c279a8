// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where a job is found; follows from the job alone.
public enum JobPlace: Hashable, Sendable {
    /// By its key, for ever.
    case key(queue: String, String)
    /// To be handed out, in this order.
    case ready(queue: String, priority: UInt8, notBefore: Int64, UInt64)
    /// In somebody's hands, by the end of that.
    case leased(until: Int64, UInt64)
    case dead(UInt64)
    /// Done or refused, by when.
    case ended(at: Int64, UInt64)
}

extension QueuedJob {
    public var places: Set<JobPlace> {
        var places: Set<JobPlace> = [.key(queue: queue, key)]
        switch state {
        case .waiting: break
        case .ready:
            places.insert(.ready(queue: queue, priority: priority, notBefore: notBefore, number))
        case .leased: if let lease { places.insert(.leased(until: lease.until, number)) }
        case .dead: places.insert(.dead(number))
        case .done, .refused: places.insert(.ended(at: endedAt ?? createdAt, number))
        }
        return places
    }
}
