// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What was spent at X today, and what may still be: reserved before a request, settled after it.
///
/// A day is one of UTC. What X charges once a day is charged here once a day. The sum of what is spent and what is held never exceeds
/// the cap, unless an answer turns out to cost more than any answer should.
public struct SpendLedger: Hashable, Sendable {
    /// **Milliseconds** after which money that others hold may be free again.
    static let soon: Int64 = 2_000

    public var prices: Prices
    public var policy: SpendPolicy
    /// Days since 1970.
    public private(set) var day: Int64 = 0
    private var paid: Set<SpendRow.Item> = []
    /// What was charged today for answers that could not be read, by request: **micro-dollars**.
    private var unread: [UInt64: Int64] = [:]
    private var totals: [SpendPurpose: Int64] = [:]
    private var held: [Int: Held] = [:]
    private var lastHold = 0

    private struct Held: Hashable {
        var purpose: SpendPurpose
        var amount: Int64
        var day: Int64
    }

    /// A part of the cap that is set aside for a request.
    public struct Reservation: Hashable, Sendable {
        let number: Int
        /// **Micro-dollars**.
        public let amount: Int64
        public let purpose: SpendPurpose
    }

    public init(prices: Prices = Prices(), policy: SpendPolicy = SpendPolicy()) {
        self.prices = prices
        self.policy = policy
    }

    /// The ledger as it was kept. What was held when the process ended may have been charged, and counts as spent today.
    ///
    /// - Returns: with the changes that make this so.
    public static func restored(
        _ rows: [SpendRow], prices: Prices = Prices(), policy: SpendPolicy = SpendPolicy(), at now: Int64
    ) -> (SpendLedger, SpendChanges) {
        var ledger = SpendLedger(prices: prices, policy: policy)
        ledger.day = UTCMoment.day(now)
        var changes = SpendChanges()
        var lost: [SpendPurpose: Int64] = [:]
        for row in rows {
            switch row.item {
            case .held(let number, let purpose):
                changes.removed.append(row)
                ledger.lastHold = max(ledger.lastHold, number)
                if row.day == ledger.day { lost[purpose, default: 0] += row.amount }
            case .total(let purpose):
                if row.day == ledger.day { ledger.totals[purpose] = row.amount }
            case .post, .user, .unread:
                guard row.day == ledger.day else {
                    changes.removed.append(row)
                    continue
                }
                ledger.paid.insert(row.item)
                if case .unread(let request) = row.item { ledger.unread[request] = row.amount }
            }
        }
        for (purpose, amount) in lost { ledger.spend(amount, for: purpose, &changes) }
        return (ledger, changes)
    }

    /// **Micro-dollars** spent on this ``day``; ``turn(to:)`` says which it is.
    public var spent: Int64 { totals.values.reduce(0, +) }
    /// What requests under way may cost.
    public var underWay: Int64 { held.values.reduce(0) { $0 + $1.amount } }
    public func spent(for purpose: SpendPurpose) -> Int64 { totals[purpose] ?? 0 }

    /// Whether X was paid for nothing today that could not be read. Otherwise X may have charged less than ``spent``.
    public var isExact: Bool { unread.isEmpty }

    /// Whether X was paid for this today.
    public func isPaid(_ item: SpendRow.Item) -> Bool { paid.contains(item) }

    /// What may be spent for a purpose now: not what is kept for more important ones.
    public mutating func available(for purpose: SpendPurpose, at now: Int64) -> Int64 {
        turn(to: now)
        var free = policy.cap - spent - underWay
        for other in SpendPurpose.allCases where other < purpose {
            let used =
                spent(for: other) + held.values.reduce(0) { $0 + ($1.purpose == other ? $1.amount : 0) }
            free -= max(0, policy.share(of: other) - used)
        }
        return max(0, free)
    }

    /// Sets a part of the cap aside.
    ///
    /// - Returns: with the row to be kept before the request is made.
    /// - Throws: ``XFailure/overBudget(until:)``.
    public mutating func reserve(
        _ amount: Int64, for purpose: SpendPurpose, at now: Int64
    ) throws(XFailure) -> (Reservation, SpendChanges) {
        guard amount <= available(for: purpose, at: now) else { throw refusal(amount, for: purpose, at: now) }
        lastHold += 1
        var changes = SpendChanges()
        if amount > 0 {
            held[lastHold] = Held(purpose: purpose, amount: amount, day: day)
            changes.put = [SpendRow(day: day, item: .held(lastHold, purpose), amount: amount)]
        }
        return (Reservation(number: lastHold, amount: amount, purpose: purpose), changes)
    }

    /// Why an amount cannot be set aside, and when it may be.
    mutating func refusal(_ amount: Int64, for purpose: SpendPurpose, at now: Int64) -> XFailure {
        let kept = SpendPurpose.allCases.filter { $0 < purpose }.reduce(0) { $0 + policy.share(of: $1) }
        // What can never be paid waits for the operator.
        if amount > policy.cap - kept { return .overBudget(until: nil) }
        // What requests under way hold is mostly given back.
        if amount <= available(for: purpose, at: now) + underWay {
            return .overBudget(until: now + Self.soon)
        }
        return .overBudget(until: (day + 1) * 86_400_000)
    }

    /// The request was answered: charges what was not paid for today yet.
    ///
    /// Where midnight lay between request and answer, X may have charged for yesterday: then it is charged today, and again when it is
    /// read again.
    ///
    /// - Parameters:
    ///   - request: an earlier answer to the same was not read and charged at what it could cost: it brought the same, which costs
    ///     nothing twice a day, so that charge is taken back.
    ///   - asked: when the request was sent; `nil`: on the day of the answer.
    public mutating func settle(
        _ reservation: Reservation, _ receipt: Receipt, request: UInt64? = nil, asked: Int64? = nil,
        at now: Int64
    ) -> SpendChanges {
        turn(to: now)
        var changes = release(reservation)
        if let request { redeem(request, reservation.purpose, &changes) }
        let isOfToday = asked.map { UTCMoment.day($0) >= day } ?? true
        charge(receipt, for: reservation.purpose, remembering: isOfToday, &changes)
        return changes
    }

    /// The request failed, and cost nothing.
    public mutating func release(_ reservation: Reservation) -> SpendChanges {
        var changes = SpendChanges()
        if let gone = held.removeValue(forKey: reservation.number) {
            changes.removed = [
                SpendRow(day: gone.day, item: .held(reservation.number, gone.purpose), amount: gone.amount)
            ]
        }
        return changes
    }

    /// The request was answered and paid for, but the answer could not be read: what it could cost, once a day.
    public mutating func forfeit(_ reservation: Reservation, request: UInt64, at now: Int64) -> SpendChanges {
        turn(to: now)
        var changes = release(reservation)
        if reservation.amount > 0, pay(.unread(request), reservation.amount, &changes) {
            unread[request] = reservation.amount
            spend(reservation.amount, for: reservation.purpose, &changes)
        }
        return changes
    }

    private mutating func redeem(_ request: UInt64, _ purpose: SpendPurpose, _ changes: inout SpendChanges) {
        guard let amount = unread.removeValue(forKey: request) else { return }
        paid.remove(.unread(request))
        changes.removed.append(SpendRow(day: day, item: .unread(request), amount: amount))
        spend(-min(amount, spent(for: purpose)), for: purpose, &changes)
    }

    /// Charges what was not asked for: the activity stream.
    public mutating func charge(_ receipt: Receipt, for purpose: SpendPurpose, at now: Int64) -> SpendChanges
    {
        turn(to: now)
        var changes = SpendChanges()
        charge(receipt, for: purpose, remembering: true, &changes)
        return changes
    }

    private mutating func charge(
        _ receipt: Receipt, for purpose: SpendPurpose, remembering: Bool, _ changes: inout SpendChanges
    ) {
        var sum = receipt.flat
        func add(_ item: SpendRow.Item, _ price: Int64) {
            if !remembering || pay(item, price, &changes) { sum += price }
        }
        for id in receipt.posts.sorted() { add(.post(id), prices.postRead) }
        for id in receipt.ownedPosts.sorted() { add(.post(id), prices.ownedRead) }
        for id in receipt.users.sorted() { add(.user(id), prices.userRead) }
        if sum > 0 { spend(sum, for: purpose, &changes) }
    }

    /// Whether it was not paid for today.
    private mutating func pay(_ item: SpendRow.Item, _ price: Int64, _ changes: inout SpendChanges) -> Bool {
        guard price > 0, paid.insert(item).inserted else { return false }
        changes.put.append(SpendRow(day: day, item: item, amount: price))
        return true
    }

    private mutating func spend(_ amount: Int64, for purpose: SpendPurpose, _ changes: inout SpendChanges) {
        totals[purpose, default: 0] += amount
        changes.spent += amount
        changes.put.append(SpendRow(day: day, item: .total(purpose), amount: spent(for: purpose)))
    }

    /// A new day begins with nothing spent. A clock that goes back does not bring a day back.
    public mutating func turn(to now: Int64) {
        let today = UTCMoment.day(now)
        guard today > day else { return }
        day = today
        paid.removeAll(keepingCapacity: true)
        unread.removeAll()
        totals.removeAll()
    }
}
