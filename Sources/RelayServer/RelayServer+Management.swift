// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Ingest
import NIOConcurrencyHelpers
public import NostrCore

extension RelayServer {
    /// Lets these keys manage the relay over HTTP (NIP-86), from now on; nobody when there is none.
    ///
    /// - Parameter audit: hears of every change that was tried.
    public func beManaged(
        by admins: Set<PublicKey>, through moderation: Moderation,
        audit: @escaping @Sendable (ManagementRecord) -> Void
    ) {
        let management = Management(
            moderation, admins: admins, store: store, clock: services.clock,
            limits: configuration.serverLimits.management,
            credentials: httpAuthenticator,
            statistics: { [weak self] in self?.statistics ?? RelayServerStatistics() }, audit: audit)
        running.withLockedValue { $0.management = management }
        board.change { $0.hasManagement = management.isOn }
    }

    /// Other keys manage the relay from now on.
    public func adopt(admins: Set<PublicKey>) {
        guard let management = running.withLockedValue(\.management) else { return }
        management.adopt(admins: admins)
        board.change { $0.hasManagement = management.isOn }
    }

    /// What NIP-11 and the status page tell from now on.
    public func tell(_ change: @Sendable (inout RelayInformation) -> Void) {
        board.change { change(&$0.information) }
    }
}
