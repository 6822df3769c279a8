// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What X would ask for: each resource once a UTC day, in **micro-dollars** (millionths of a dollar).
public struct SpendCounter: Hashable, Sendable {
    /// What is billed.
    public enum Item: String, Hashable, Sendable, CaseIterable {
        case postRead = "post_read"
        case ownedRead = "owned_read"
        case userRead = "user_read"
        case postCreate = "post_create"
        case postCreateWithURL = "post_create_with_url"
        case postDelete = "post_delete"
        /// A delivery of the activity stream.
        case streamed

        /// Whether the same resource is billed once a day only: reads are.
        var isRead: Bool {
            switch self {
            case .postRead, .ownedRead, .userRead, .streamed: true
            case .postCreate, .postCreateWithURL, .postDelete: false
            }
        }
    }

    private struct Resource: Hashable {
        var isUser: Bool
        var id: UInt64
    }

    /// Everything so far.
    public private(set) var total: Int64 = 0
    /// The sums by what was billed.
    public private(set) var byItem: [Item: Int64] = [:]
    /// How many resources were billed, by what they were.
    public private(set) var countByItem: [Item: Int64] = [:]
    /// The sums by days since 1970.
    public private(set) var byDay: [Int64: Int64] = [:]
    /// Posts read by days since 1970, each counted once a day.
    public private(set) var postsByDay: [Int64: Int64] = [:]
    private var day: Int64 = .min
    private var billedToday: Set<Resource> = []

    /// Bills one resource, unless it was read before on the same day.
    ///
    /// - Returns: micro-dollars.
    @discardableResult
    mutating func bill(_ item: Item, _ id: UInt64, price: Int64, on day: Int64, limits: XStandInLimits)
        -> Int64
    {
        if day != self.day {
            self.day = day
            billedToday.removeAll(keepingCapacity: true)
            forget(before: day - Int64(limits.spendDays))
        }
        if item.isRead {
            let resource = Resource(isUser: item == .userRead, id: id)
            guard !billedToday.contains(resource) else { return 0 }
            if billedToday.count < limits.billedPerDay { billedToday.insert(resource) }
            if item != .userRead { postsByDay[day, default: 0] += 1 }
        }
        total += price
        byItem[item, default: 0] += price
        countByItem[item, default: 0] += 1
        byDay[day, default: 0] += price
        return price
    }

    private mutating func forget(before oldest: Int64) {
        byDay = byDay.filter { $0.key > oldest }
        postsByDay = postsByDay.filter { $0.key > oldest }
    }

    /// Posts read in the month of a moment, in UTC.
    public func posts(inMonthOf now: XInstant) -> Int64 {
        postsByDay.reduce(0) { sum, entry in
            XInstant(milliseconds: entry.key * 86_400_000).utcMonth == now.utcMonth ? sum + entry.value : sum
        }
    }
}

extension XWorld {
    /// Bills a resource at today's price and lowers the credits.
    @discardableResult
    mutating func bill(_ item: SpendCounter.Item, _ id: UInt64) -> Int64 {
        let money = settings.money
        let price =
            switch item {
            case .postRead, .streamed: money.postRead
            case .ownedRead: money.ownedRead
            case .userRead: money.userRead
            case .postCreate: money.postCreate
            case .postCreateWithURL: money.postCreateWithURL
            case .postDelete: money.postDelete
            }
        let billed = spend.bill(item, id, price: price, on: now.utcDay, limits: limits)
        if let credits = settings.credits { settings.credits = credits - billed }
        return billed
    }
}
