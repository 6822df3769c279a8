// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import RepositoryRules

/// What the operator decided about gathering.
public struct SyncConfiguration: Hashable, Sendable {
    /// Relays that are always followed, for every repository; they may be private addresses.
    public var bootstrap: [RelayURL]
    /// What our own relay is called: never dialled.
    public var own: OwnAddresses
    /// The authority that announcements must list.
    public var service: ServiceAuthority?
    /// Repositories followed besides those that list us.
    public var archive: [ArchivePattern]
    /// How long news is gathered before the plan is made anew.
    public var batchWindow: Duration = .milliseconds(5000)
    /// A relay that was away for less resumes from its cursor; for longer, it is asked for everything again.
    public var quickReconnectWindow: Duration = .seconds(900)
    /// How far before the cursor a resumed history starts: for clocks that differ and events that came late.
    public var overlap: Duration = .seconds(900)
    public var disconnectCheckInterval: Duration = .seconds(60)
    public var backoffBase: Duration = .seconds(5)
    public var backoffMax: Duration = .seconds(3600)
    /// A subscription that says nothing for so long has ended.
    public var answerTimeout: Duration = .seconds(30)
    /// A relay that said nothing for so long is asked whether it is still there.
    public var heartbeat: Duration = .seconds(120)
    /// How often the moment until which everything was received is written down.
    public var cursorInterval: Duration = .seconds(30)
    public var limits: SyncLimits = SyncLimits()

    public init(
        bootstrap: [RelayURL] = [], own: OwnAddresses = OwnAddresses(), service: ServiceAuthority? = nil,
        archive: [ArchivePattern] = []
    ) {
        self.bootstrap = bootstrap
        self.own = own
        self.service = service
        self.archive = archive
    }
}
