// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import TweetCore

// Who is mirrored, who is not any more, and what becomes of their events.
extension Bridge {
    /// Mirrors an account no more.
    ///
    /// - Parameters:
    ///   - erases: whether everything that was mirrored is taken back, at every relay that may have it.
    ///   - vanishing: relays that are asked to forget all of it (NIP-62), none for all of them; `nil`: no such request.
    /// - Returns: how many events were taken back by now; what is left goes on by itself.
    public func remove(
        _ account: UserID, erases: Bool, vanishing: [RelayURL]? = nil
    ) async throws(BridgeFault) -> Int {
        let erasure = ErasureRow(
            user: account, reason: .optedOut, vanishing: vanishing?.map(\.text), startedAt: clock.now())
        do {
            try await store.stop(account, because: .removed, erasing: erases ? erasure : nil)
            return erases ? try await eraser.finish(account) : 0
        } catch { throw .unkept(error) }
    }

    /// At the start: binds the handles of the configuration to accounts, tells which of them are not mirrored, and stops
    /// whom the configuration denies.
    func settleAccounts() async {
        do throws(BridgeStoreError) {
            for handle in configuration.handles {
                guard let account = try store.account(of: handle) else { continue }
                if try store.remembered(.configured(handle)) == nil {
                    try await store.remember(.configured(handle), "\(account.id)")
                }
            }
            for handle in configuration.handles {
                guard let id = try store.remembered(.configured(handle)).flatMap({ UserID($0.value) }),
                    let account = try store.account(id), !account.isActive
                else { continue }
                observer.leftAlone(handle, account.offReason)
            }
            for name in configuration.refusals.denied { try await deny(name) }
        } catch { observer.failed("look through the accounts", error.description) }
    }

    private func deny(_ name: AccountName) async throws(BridgeStoreError) {
        let id: UserID?
        switch name {
        case .number(let number): id = number
        case .handle(let handle): id = try store.user(of: handle)
        }
        guard let id else { return }
        let account = try store.account(id)
        let isShown = try store.remembered(.profilePosted(id)) != nil
        guard account?.isActive == true || isShown, account?.stop != .handedOver else { return }
        try await store.stop(
            id, because: .denied,
            erasing: ErasureRow(user: id, reason: .optedOut, startedAt: clock.now()))
    }

    /// Takes back what is to be taken back, whenever there is any.
    func erase() async {
        while !Task.isCancelled {
            await eraseOnce()
            await erasing.wait(BridgeLimits.publisherRest, clock)
        }
    }

    func eraseOnce() async {
        if configuration.isDryRun { return }
        do throws(BridgeStoreError) { try await eraser.work() } catch {
            observer.failed("take back what was mirrored", error.description)
        }
    }

    /// There is another credential: whoever was refused may be tried at once.
    public func credentialRenewed() { fetcher.tell(.credentialRenewed) }
}
