// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

extension EventStore {
    /// Opens a store for reading and writing, and makes it when it is missing.
    ///
    /// - Complexity: O(1), whatever the store holds, unless the file is shorter than the pages it has given out:
    ///   then all of it is checked.
    public static func open(_ options: StoreOptions) throws(StoreError) -> OpenedStore {
        guard !options.isReadOnly else { throw .misuse("a store that is only read has no writer") }
        guard options.trees.count <= NegentropyTree.most else {
            throw .misuse("at most \(NegentropyTree.most) trees are kept")
        }
        let directory = try StoreDirectory(locking: options.path)
        let environment = try Environment(environmentOptions(options), in: directory)
        let missing = try missingBytes(environment, directory)
        let file = try directory.fileBytes()
        if missing > 0 { try directory.setFileBytes(file + missing) }
        do throws(StoreError) {
            let transaction = try WriteTransaction(environment)
            let (schema, maker) = try tables(of: transaction, environment, options)
            try transaction.commit()
            let store = try finish(directory, environment, schema, maker, options)
            if missing > 0 { try verify(store, missing: missing) }
            return OpenedStore(store: store)
        } catch {
            if missing > 0 { try directory.setFileBytes(file) }
            throw error
        }
    }

    /// Opens a store that another process may be writing.
    ///
    /// - Parameter pause: lets the writer finish what follows a commit; called at most once.
    public static func openReadOnly(
        _ options: StoreOptions, pause: () -> Void = EventStore.shortPause
    ) throws(StoreError) -> EventStore {
        var options = options
        options.isReadOnly = true
        let directory = try StoreDirectory(reading: options.path)
        let environment = try Environment(environmentOptions(options), in: directory)
        var missing = try missingBytes(environment, directory)
        if missing > 0 {
            // The writer lengthens the file after each commit.
            pause()
            missing = try missingBytes(environment, directory)
        }
        guard missing == 0 else { throw .corrupt("\(directory.dataFile) is \(missing) bytes too short") }
        let core = try environment.tables(StoreSchema.names)
        let found = core.compactMap { $0 }
        guard found.count == core.count else { throw .wrongFormat("\(options.path) holds no store") }
        var sides: [SideTable: Table] = [:]
        let names = try options.sideTables.map { side throws(StoreError) in try checkedName(side) }
        for (side, table) in zip(options.sideTables, try environment.tables(names)) { sides[side] = table }
        let derived = try environment.tables(DerivedTable.allCases.map(\.name))
        let schema = StoreSchema(found, derived: derived, sides: sides)
        let snapshot = try ReadTransaction(environment)
        let maker = try keyMaker(snapshot, schema, options)
        return try finish(directory, environment, schema, maker, options)
    }

    /// As long as a writer takes for what follows a commit, many times over.
    public static func shortPause() { usleep(50_000) }

    /// Side tables of others that a file may have, and that whoever copies all of it opens.
    private static let sparesMax = 64

    private static func environmentOptions(_ options: StoreOptions) -> Environment.Options {
        let page = 4096
        return Environment.Options(
            path: options.path, mapSize: max(options.mapSize / page, 64) * page,
            isReadOnly: options.isReadOnly,
            isSynced: options.durability == .sync, readers: options.limits.readers,
            tables: StoreSchema.names.count + DerivedTable.allCases.count + options.sideTables.count
                + sparesMax)
    }

    /// How much shorter the file is than the pages that it has given out.
    ///
    /// Cut off, or ended by a kill between a commit and ``lengthen()``; ``verify(_:missing:)`` tells which.
    private static func missingBytes(
        _ environment: Environment, _ directory: StoreDirectory
    ) throws(StoreError) -> Int {
        // The first two pages are written when the file is made; others follow with the first commit.
        let used = try environment.extent().used
        return used <= 2 * 4096 ? 0 : max(0, used - (try directory.fileBytes()))
    }

    /// Pages that a transaction took and gave back were never written, so the file may end before them.
    func lengthen() throws(StoreError) {
        let missing = try Self.missingBytes(environment, directory)
        if missing > 0 { try directory.setFileBytes(try directory.fileBytes() + missing) }
    }

    private static func verify(_ store: EventStore, missing: Int) throws(StoreError) {
        let report = try store.check()
        guard report.isSound else {
            throw .corrupt(
                "\(store.directory.dataFile) was cut off by \(missing) bytes: \(report.faults.first ?? "")")
        }
    }

    /// Opens the tables, or makes them in an empty file.
    private static func tables(
        of transaction: borrowing WriteTransaction, _ environment: Environment, _ options: StoreOptions
    ) throws(StoreError) -> (StoreSchema, KeyMaker) {
        let isEmpty = try environment.isEmpty()
        let isOurs = isEmpty ? true : try transaction.has("meta")
        guard isOurs else { throw .wrongFormat("\(options.path) holds another program's data") }
        var core: [Table] = []
        for name in StoreSchema.names {
            let isThere = isEmpty ? true : try transaction.has(name)
            guard isThere else { throw .corrupt("the table \(name) is missing") }
            core.append(try transaction.make(name))
        }
        var sides: [SideTable: Table] = [:]
        for side in options.sideTables { sides[side] = try transaction.make(try checkedName(side)) }
        var derived: [Table] = []
        for table in DerivedTable.allCases { derived.append(try transaction.make(table.name)) }
        let schema = StoreSchema(core, derived: derived, sides: sides)
        if isEmpty {
            var random = SystemRandomNumberGenerator()
            let secret = KeyHash.Secret(low: random.next(), high: random.next())
            let rows = [
                (StoreFormat.formatKey, StoreFormat.row(options.keyShape)),
                (StoreFormat.secretKey, StoreFormat.row(secret)), (StoreState.key, StoreState().row),
            ]
            for (key, row) in rows { try transaction.put(schema.meta, key.span, row.span) }
            for derived in DerivedTable.allCases where derived != .search || options.indexesWords {
                try transaction.put(schema.meta, derived.builtKey.span, BuildState.whole.row.span)
            }
            if options.indexesWords { try transaction.markWords(.zero, schema) }
            let maker = try keyMaker(transaction, schema, options)
            try transaction.markTrees(options.trees, .zero, schema, maker)
            if let groups = options.groups { try transaction.markGroups(groups, .zero, schema, maker) }
            return (schema, maker)
        }
        let maker = try keyMaker(transaction, schema, options)
        try startAnew(transaction, schema)
        try dropStaleSketches(transaction, schema)
        try settleWords(transaction, schema, options)
        try settleTrees(transaction, schema, options, maker)
        try settleGroups(transaction, schema, options, maker)
        return (schema, maker)
    }

    /// Has derived tables filled again when a version that does not know them has written since.
    private static func startAnew(
        _ transaction: borrowing WriteTransaction, _ schema: StoreSchema
    ) throws(StoreError) {
        let sequence = try transaction.state(schema).sequence.rawValue
        var kept: UInt64 = 0
        if let row = try transaction.value(schema.meta, StoreFormat.keptKey.span) {
            guard row.count == 8 else { throw .corrupt("a commit's number of \(row.count) bytes") }
            kept = row.word(at: 0)
        }
        guard kept != sequence else { return }
        for derived in DerivedTable.allCases where !derived.isOptional {
            try transaction.delete(schema.meta, derived.builtKey.span)
            if derived.startsEmpty, let table = schema[derived] { try transaction.empty(table) }
        }
        try transaction.put(schema.meta, StoreFormat.keptKey.span, Key(sequence).span)
    }

    /// Has sketches made anew where much of what they count was removed: it cannot be taken out of them.
    private static func dropStaleSketches(
        _ transaction: borrowing WriteTransaction, _ schema: StoreSchema
    ) throws(StoreError) {
        guard let row = try transaction.value(schema.meta, StoreFormat.staleKey.span), row.count == 8,
            let table = schema[.sketch]
        else { return }
        let stale = row.word(at: 0)
        guard stale > 1_000, try stale > UInt64(transaction.rows(schema.event)) / 4 else { return }
        try transaction.delete(schema.meta, DerivedTable.sketch.builtKey.span)
        try transaction.delete(schema.meta, StoreFormat.staleKey.span)
        try transaction.empty(table)
    }

    /// Has words indexed anew where somebody has written who did not, or other words, and gives the index up where it is not wanted.
    private static func settleWords(
        _ transaction: borrowing WriteTransaction, _ schema: StoreSchema, _ options: StoreOptions
    ) throws(StoreError) {
        if options.indexesWords, try transaction.keepsWords(schema) { return }
        try transaction.delete(schema.meta, DerivedTable.search.builtKey.span)
        try transaction.delete(schema.meta, StoreFormat.keptWordsKey.span)
        if let table = schema[.search], try transaction.rows(table) > 0 { try transaction.empty(table) }
        if options.indexesWords {
            try transaction.markWords(try transaction.state(schema).sequence, schema)
        }
    }

    /// Has trees made anew where other ones are wanted, or somebody has written who did not keep them.
    private static func settleTrees(
        _ transaction: borrowing WriteTransaction, _ schema: StoreSchema, _ options: StoreOptions,
        _ maker: KeyMaker
    ) throws(StoreError) {
        if try transaction.keepsTrees(options.trees, schema, maker) { return }
        try transaction.dropSums(.tree, schema)
        try transaction.markTrees(options.trees, try transaction.state(schema).sequence, schema, maker)
    }

    /// The same of groups, which are given up where they are not wanted.
    private static func settleGroups(
        _ transaction: borrowing WriteTransaction, _ schema: StoreSchema, _ options: StoreOptions,
        _ maker: KeyMaker
    ) throws(StoreError) {
        guard let groups = options.groups else {
            try transaction.dropSums(.group, schema)
            try transaction.delete(schema.meta, StoreFormat.keptGroupsKey.span)
            return
        }
        if try transaction.keepsGroups(groups, schema, maker) { return }
        try transaction.dropSums(.group, schema)
        try transaction.markGroups(groups, try transaction.state(schema).sequence, schema, maker)
    }

    private static func checkedName(_ side: SideTable) throws(StoreError) -> String {
        let isPlain = side.name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
        guard isPlain, (1...64).contains(side.name.utf8.count) else {
            throw .misuse("a side table is named with lower-case letters, digits and _, not \(side.name)")
        }
        return StoreSchema.name(of: side)
    }

    /// Checks the format before anything else is believed.
    private static func keyMaker(
        _ snapshot: borrowing some Snapshot & ~Copyable, _ schema: StoreSchema, _ options: StoreOptions
    ) throws(StoreError) -> KeyMaker {
        guard let format = try snapshot.value(schema.meta, StoreFormat.formatKey.span) else {
            throw .wrongFormat("\(options.path) does not say which format it has")
        }
        try StoreFormat.check(format, options.keyShape)
        guard let secret = try snapshot.value(schema.meta, StoreFormat.secretKey.span) else {
            throw .corrupt("no secret")
        }
        return KeyMaker(secret: try StoreFormat.secret(secret), shape: options.keyShape)
    }

    private static func finish(
        _ directory: StoreDirectory, _ environment: Environment, _ schema: StoreSchema, _ maker: KeyMaker,
        _ options: StoreOptions
    ) throws(StoreError) -> EventStore {
        let snapshot = try ReadTransaction(environment)
        let state = try snapshot.state(schema)
        var cursor = try Cursor(snapshot, schema.event)
        if try cursor.last(), cursor.key.count != Serial.bytes || cursor.key.serial(at: 0) >= state.nextSerial
        {
            throw .corrupt("an event is newer than the store's own count")
        }
        guard try snapshot.rows(schema.event) == snapshot.rows(schema[.created]) else {
            throw .corrupt("events and their index by time differ in number")
        }
        return EventStore(directory, environment, schema, maker, options, state)
    }
}
