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
    public internal(set) var archive: [ArchivePattern]
    /// What the operator takes of the repositories that list us, and what never.
    public internal(set) var curation: RepositoryCuration
    /// How long news is gathered before the plan is made anew.
    public var batchWindow: Duration = .milliseconds(5000)
    /// A relay that was away for less resumes from its cursor; for longer, it is asked for everything again.
    public var quickReconnectWindow: Duration = .seconds(900)
    /// How far before the cursor a resumed history starts: for clocks that differ and events that came late.
    public var overlap: Duration = .seconds(900)
    public var disconnectCheckInterval: Duration = .seconds(60)
    public var backoffBase: Duration = .seconds(5)
    public var backoffMax: Duration = .seconds(3600)
    /// A link that stayed for so long makes earlier failures forgotten.
    public var stableAfter: Duration = .seconds(60)
    /// A relay that could not be dialled because of our own bounds waits for at most so long the first time, and
    /// for at most twice that afterwards.
    public var busyPause: Duration = .seconds(30)
    /// A dial that has taken so long gives its place among ``SyncLimits/dialsMax`` to another.
    public var slowDialAfter: Duration = .seconds(2)
    /// A subscription that says nothing for so long has ended.
    public var answerTimeout: Duration = .seconds(30)
    /// A relay that said nothing for so long is asked whether it is still there.
    public var heartbeat: Duration = .seconds(120)
    /// Live subscriptions on one relay beyond which they are merged into fewer.
    public var consolidationThreshold = 70
    /// Between one audit of a relay, in which everything is asked for anew, and the next: at random.
    public var dailyResync: ClosedRange<Duration> = .seconds(23 * 3600) ... .seconds(25 * 3600)
    /// How long a relay that wants us to slow down is asked nothing.
    public var rateLimitPause: Duration = .seconds(65)
    /// A relay that failed for so long, while others did not, is dead…
    public var deadAfter: Duration = .seconds(24 * 3600)
    /// …and tried once in this time.
    public var deadRetry: Duration = .seconds(24 * 3600)
    /// For how long name, certificate or protocol must have been wrong; then this is how long it is left alone.
    public var misbehavingAfter: Duration = .seconds(600)
    public var misbehavingPause: Duration = .seconds(12 * 3600)
    /// Between two rounds of a relay that leaves no room to follow it live.
    public var roundInterval: Duration = .seconds(300)
    /// How long what a relay says of itself is believed.
    public var informationLifetime: Duration = .seconds(3600)
    /// Whether histories are reconciled (NIP-77) where relays can.
    public var usesNegentropy = true
    /// How long a relay that does not reconcile is not asked to; one that says it does, a seventh of that.
    public var negentropyRetry: Duration = .seconds(7 * 24 * 3600)
    /// How often the moment until which everything was received is written down.
    public var cursorInterval: Duration = .seconds(30)
    public var limits: SyncLimits = SyncLimits()

    /// Which announcements are followed for their own sake.
    var interest: RepositoryInterest {
        RepositoryInterest(service: service, archive: archive, curation: curation)
    }

    public init(
        bootstrap: [RelayURL] = [], own: OwnAddresses = OwnAddresses(), service: ServiceAuthority? = nil,
        archive: [ArchivePattern] = [], curation: RepositoryCuration = RepositoryCuration()
    ) {
        self.bootstrap = bootstrap
        self.own = own
        self.service = service
        self.archive = archive
        self.curation = curation
    }
}
