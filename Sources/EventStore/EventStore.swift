// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The events of one relay in one LMDB file, for any number of readers.
public final class EventStore: Sendable {
    /// The feed of commits.
    public let feed: CommitFeedLog
    let directory: StoreDirectory
    let environment: Environment
    let schema: StoreSchema
    let maker: KeyMaker
    let limits: StoreLimits
    /// Whether the words of events are indexed.
    public let indexesWords: Bool
    /// Sets whose sums are kept (NIP-77).
    public let trees: [NegentropyTree]
    /// Whether sums are kept of what belongs to repositories.
    public let groups: RepositoryGroups?
    let durability: StoreOptions.Durability
    let syncFault: @Sendable () -> StoreError?

    init(
        _ directory: StoreDirectory, _ environment: Environment, _ schema: StoreSchema, _ maker: KeyMaker,
        _ options: StoreOptions, _ state: StoreState
    ) {
        self.directory = directory
        self.environment = environment
        self.schema = schema
        self.maker = maker
        limits = options.limits
        indexesWords = options.indexesWords
        trees = options.trees
        groups = options.groups
        durability = options.durability
        syncFault = options.syncFault
        let log = CommitLog(environment: environment, schema: schema, limits: options.limits)
        feed = CommitFeedLog(log, latest: options.isReadOnly ? nil : state.sequence)
    }

    /// The last commit.
    public var latest: CommitSequence { feed.latest }

    /// What the store holds.
    public var statistics: StoreStatistics {
        get throws(StoreError) {
            try read { snapshot throws(StoreError) in
                let extent = try environment.extent()
                var rows: [String: Int] = [:]
                for table in IndexTable.allCases { rows[table.name] = try snapshot.rows(schema[table]) }
                rows["log"] = try snapshot.rows(schema.log)
                rows["gone_id"] = try snapshot.rows(schema.goneIDs)
                rows["gone_address"] = try snapshot.rows(schema.goneAddresses)
                rows["gone_author"] = try snapshot.rows(schema.goneAuthors)
                for derived in DerivedTable.allCases {
                    if let table = schema[derived] { rows[derived.name] = try snapshot.rows(table) }
                }
                for (side, table) in schema.sides {
                    rows[StoreSchema.name(of: side)] = try snapshot.rows(table)
                }
                return StoreStatistics(
                    events: try snapshot.rows(schema.event), usedBytes: extent.used, mapBytes: extent.map,
                    latest: try snapshot.state(schema).sequence, rows: rows)
            }
        }
    }

    var context: StoreContext {
        StoreContext(
            schema: schema, maker: maker, limits: limits, indexesWords: indexesWords, trees: trees,
            groups: groups)
    }

    /// Reads one state of the store.
    func read<R>(
        _ body: (borrowing ReadTransaction) throws(StoreError) -> R
    ) throws(StoreError) -> R {
        let snapshot = try ReadTransaction(environment)
        return try body(snapshot)
    }
}
