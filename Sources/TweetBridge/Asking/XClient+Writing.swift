// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// What is done on X for people here: off unless the operator allows it.
///
/// Nothing of it is done twice by itself: when no answer comes, it may be done, and only the caller knows how to find out.
extension XClient {
    /// Makes a post (`POST /2/tweets`).
    ///
    /// - Throws: ``XFailure``; ``XFailure/transient(_:)`` also when it may have been made all the same.
    public func post(_ draft: PostDraft) async throws(XFailure) -> PostID {
        let price = draft.hasLink ? ledger.prices.postWithLinkCreated : ledger.prices.postCreated
        let reply = try await write(draft.request, price: price)
        do { return try Written.made(reading: reply.body) } catch {
            throw .transient("the answer cannot be read")
        }
    }

    /// Removes a post (`DELETE /2/tweets/:id`). Whether it is gone.
    public func delete(_ id: PostID) async throws(XFailure) -> Bool {
        let request = XRequest(.delete, .deletePost, "/2/tweets/\(id)")
        let reply = try await write(request, price: ledger.prices.postDeleted)
        do { return try Written.removed(reading: reply.body) } catch {
            throw .transient("the answer cannot be read")
        }
    }

    /// How much of the month's product cap is used up.
    public func usage() async throws(XFailure) -> XUsage {
        let reply = try await perform(XUsage.request)
        do { return try XUsage(reading: reply.body) } catch { throw .transient("the answer cannot be read") }
    }

    /// Makes a request that costs nothing, once.
    ///
    /// - Parameter status: one more that is as good as 2xx.
    /// - Returns: an answer of 2xx.
    func perform(_ request: XRequest, or status: Int? = nil) async throws(XFailure) -> XReply {
        do throws(Refused) {
            let (reply, _) = try await exchange(request)
            if reply.status == status { return reply }
            let problems = reply.problems(limits: settings.limits)
            if let failure = reply.failure(at: clock.now(), problems: problems) {
                throw Refused(failure: failure)
            }
            return reply
        } catch {
            gaveUp(after: error.failure)
            throw error.failure
        }
    }

    private func write(_ request: XRequest, price: Int64) async throws(XFailure) -> XReply {
        do throws(Refused) { return try await writeOnce(request, price: price) } catch { throw error.failure }
    }

    /// - Throws: ``Refused``, which says whether it may be done all the same.
    func writeOnce(_ request: XRequest, price: Int64) async throws(Refused) -> XReply {
        guard settings.mayWrite else { throw Refused(failure: .forbidden("posting to X is off")) }
        let reservation: SpendLedger.Reservation
        do throws(XFailure) {
            let changes: SpendChanges
            (reservation, changes) = try ledger.reserve(price, for: .outbound, at: clock.now())
            do throws(XFailure) { try await keep(changes, for: .outbound) } catch {
                note(ledger.release(reservation), for: .outbound)
                throw error
            }
        } catch { throw Refused(failure: error) }
        let receipt = Receipt(flat: price)
        do throws(Refused) {
            let (reply, _) = try await exchange(request)
            let problems = reply.problems(limits: settings.limits)
            if let failure = reply.failure(at: clock.now(), problems: problems) {
                throw Refused(failure: failure)
            }
            await settle(ledger.settle(reservation, receipt, at: clock.now()), for: .outbound)
            return reply
        } catch {
            // What may be done may be charged.
            let changes =
                error.mayBeDone
                ? ledger.settle(reservation, receipt, at: clock.now()) : ledger.release(reservation)
            await settle(changes, for: .outbound)
            gaveUp(after: error.failure)
            throw error
        }
    }
}
