// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Changes of the ledger on their way to disk, in the order in which they were made.
struct Backlog {
    var changes = SpendChanges()
    /// How many changes were noted, and how many are kept.
    var noted = 0
    var kept = 0
    /// The transaction under way.
    var flight: Task<Bool, Never>?
}

extension XClient {
    /// Tells the ledger what the activity stream brought.
    public func charge(_ news: StreamEvent.News) async {
        let receipt = Receipt(news, prices: ledger.prices)
        await settle(ledger.charge(receipt, for: .ownPosts, at: clock.now()), for: .ownPosts)
    }

    /// What may still be spent today for a purpose, in **micro-dollars**; and when a new day begins.
    public func available(for purpose: SpendPurpose) -> (amount: Int64, nextDay: Int64) {
        let now = clock.now()
        return (ledger.available(for: purpose, at: now), (UTCMoment.day(now) + 1) * 86_400_000)
    }

    /// The ledger of the day that it is.
    public func today() -> SpendLedger {
        ledger.turn(to: clock.now())
        return ledger
    }

    /// How many posts or accounts can be looked up in one question with what may still be spent today.
    public func affordable(_ subject: PostPage.Subject, for purpose: SpendPurpose) -> Int {
        ledger.affordable(subject, for: purpose, at: clock.now())
    }

    /// Keeps changes before anything else is done.
    ///
    /// - Throws: ``XFailure/transient(_:)``: they are kept with the next ones.
    func keep(_ changes: SpendChanges, for purpose: SpendPurpose) async throws(XFailure) {
        note(changes, for: purpose)
        let mine = backlog.noted
        while backlog.kept < mine {
            let flight = backlog.flight ?? write()
            guard await flight.value || backlog.kept >= mine else {
                throw .transient("the ledger cannot be kept")
            }
        }
    }

    /// Keeps what is true already, as well as it goes: what cannot be written now goes with the next changes.
    func settle(_ changes: SpendChanges, for purpose: SpendPurpose) async {
        try? await keep(changes, for: purpose)
    }

    /// Takes changes down in the order in which the ledger made them: no suspension lies between.
    func note(_ changes: SpendChanges, for purpose: SpendPurpose) {
        guard !changes.isEmpty else { return }
        backlog.changes.append(changes)
        backlog.noted += 1
        if changes.spent != 0 { observer.spent(max(0, changes.spent), today: ledger.spent, for: purpose) }
    }

    /// Begins the one transaction under way.
    private func write() -> Task<Bool, Never> {
        let (batch, noted) = (backlog.changes, backlog.noted)
        backlog.changes = SpendChanges()
        let flight = Task { await write(batch, noted) }
        backlog.flight = flight
        return flight
    }

    private func write(_ batch: SpendChanges, _ noted: Int) async -> Bool {
        defer { backlog.flight = nil }
        do {
            try await keeper.keep(batch)
            backlog.kept = noted
            return true
        } catch {
            var all = batch
            all.append(backlog.changes)
            backlog.changes = all
            return false
        }
    }
}
