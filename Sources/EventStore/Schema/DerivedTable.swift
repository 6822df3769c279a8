// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A table whose rows follow from those of others.
///
/// A store is whole without it: it is made when it is missing, filled in small steps, and until then what
/// needs it does without. A row of `meta` says how far it is filled.
enum DerivedTable: Int, CaseIterable, Sendable {
    /// Keys that asked to vanish and whose events are not all removed yet: see ``VanishingRow``.
    case vanishing
    /// Whose events count for what (NIP-45): see ``SketchRow``.
    case sketch
    /// Which words stand in which event (NIP-50): see ``WordKeys``. Only where it is asked for.
    case search
    /// Sums of sets that are reconciled (NIP-77): see ``TreeKey``. Only of those that are asked for.
    case tree
    /// Sums of what names the same repositories (NIP-77): see ``EventGroups`` and ``GroupKey``. Only where it is asked for.
    case group

    /// The table's name in the file.
    var name: String {
        switch self {
        case .vanishing: "vanishing"
        case .sketch: "sketch"
        case .search: "word"
        case .tree: "tree"
        case .group: "group"
        }
    }

    /// Of the row of `meta` that says how far it is filled.
    var builtKey: Key {
        switch self {
        case .vanishing: Key("built.vanishing")
        case .sketch: Key("built.sketch")
        case .search: Key("built.word")
        case .tree: Key("built.tree")
        case .group: Key("built.group")
        }
    }

    /// Whether the table is emptied when it has to be filled anew; otherwise rows are added to those it has.
    var startsEmpty: Bool { self != .vanishing }

    /// Whether a row of its own tells up to which commit it was kept in step: it is there only where it is asked for.
    var isOptional: Bool { self == .search || self == .tree || self == .group }
}

/// How far a derived table is filled.
///
///     (no row): not at all · FF: it is whole, and every write keeps it so · else the last key of its source
enum BuildState: Hashable, Sendable {
    case whole
    case upTo([UInt8])

    static let nothing = BuildState.upTo([])
    private static let wholeByte: UInt8 = 0xFF

    init(_ row: Span<UInt8>?) {
        guard let row else {
            self = .nothing
            return
        }
        let isWhole = row.count == 1 && row[0] == Self.wholeByte
        self = isWhole ? .whole : .upTo(row.withUnsafeBufferPointer { Array($0) })
    }

    var row: [UInt8] {
        switch self {
        case .whole: [Self.wholeByte]
        case .upTo(let key): key
        }
    }

    /// Whether what follows from an event of this serial is in the table.
    func covers(_ serial: Serial) -> Bool {
        guard case .upTo(let key) = self else { return true }
        return key.count == Serial.bytes && serial <= key.span.serial(at: 0)
    }
}

extension Snapshot where Self: ~Copyable {
    func buildState(_ derived: DerivedTable, _ schema: StoreSchema) throws(StoreError) -> BuildState {
        if derived == .search, try !keepsWords(schema) { return .nothing }
        return BuildState(try value(schema.meta, derived.builtKey.span))
    }
}
