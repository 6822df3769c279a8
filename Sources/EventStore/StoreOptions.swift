// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How a store is opened.
public struct StoreOptions: Sendable {
    /// The directory that holds `data.mdb`; made when it is missing.
    public var path: String
    /// **Bytes** of address space: what the store may grow to, not what it takes.
    public var mapSize: Int
    public var durability: Durability
    public var isReadOnly: Bool
    /// Tables of other modules, written in the same transactions as events.
    public var sideTables: [SideTable]
    public var limits: StoreLimits
    /// Whether the words of events are indexed, so that they can be searched for (NIP-50). A store opened without gives the index up.
    public var indexesWords = false
    /// Sets whose sums are kept, so that they can be reconciled without reading all of them (NIP-77); at most
    /// ``NegentropyTree/most``. A store opened with others makes all of them anew.
    public var trees: [NegentropyTree] = []
    /// Whether sums are kept of what belongs to repositories, whichever somebody asks for; made anew where it was not so before.
    public var groups: RepositoryGroups?
    /// Narrows the prefixes in index keys, so that tests meet collisions.
    package var keyShape = KeyShape()
    /// Asked before relaxed commits are brought to the disk, so that tests meet disks that refuse.
    var syncFault: @Sendable () -> StoreError? = { nil }

    /// What a finished transaction promises.
    public enum Durability: String, Sendable, CaseIterable {
        /// It survives a power cut.
        case sync
        /// It survives the end of the process; a power cut may cost the last seconds or the store. For imports.
        case relaxed
    }

    public init(
        path: String, mapSize: Int = 1 << 40, durability: Durability = .sync, isReadOnly: Bool = false,
        sideTables: [SideTable] = [], limits: StoreLimits = StoreLimits()
    ) {
        self.path = path
        self.mapSize = mapSize
        self.durability = durability
        self.isReadOnly = isReadOnly
        self.sideTables = sideTables
        self.limits = limits
    }
}
