// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Negentropy, version 1: what both roles do with a message.
///
/// A message is the version and then ranges, each from the bound of the one before to its own: skipped, as a fingerprint,
/// or as the list of its ids. A fingerprint that differs is answered by those of its parts, or by ids when they are few;
/// ids are answered by ids. What the end of a message does not mention is skipped.
enum Reconciliation {
    static let version: UInt8 = 0x61
    static let versions: ClosedRange<UInt8> = 0x60...0x6F

    enum Mode: UInt64 {
        case skip = 0
        case fingerprint = 1
        case ids = 2
    }

    /// Ids that one side has and the other lacks, as the client finds them.
    struct Differences {
        var have: [EventID] = []
        var need: [EventID] = []
    }
}

/// One message being answered.
struct Answer<Storage: NegentropyStorage> {
    typealias Failure = ReconciliationError<Storage.Failure>

    private let storage: Storage
    private let limits: NegentropyLimits
    /// Whether lists of ids are compared here, by the client, and not answered by our own.
    private let isClient: Bool
    private var writer = MessageWriter()
    private(set) var differences = Reconciliation.Differences()
    /// What was skipped since the last range that was written.
    private var skipped: NegentropyBound?

    init(_ storage: Storage, limits: NegentropyLimits, isClient: Bool) {
        self.storage = storage
        self.limits = limits
        self.isClient = isClient
    }

    var bytes: [UInt8] { writer.bytes }

    /// The client's first message: everything it has.
    mutating func begin() throws(Failure) {
        try split(0..<storage.count, upTo: .infinity)
    }

    /// Answers every range of a message, as far as there is room.
    mutating func take(_ message: [UInt8]) throws(Failure) {
        var reader = MessageReader(message)
        let version = try Self.read { () throws(NegentropyError) in try reader.byte() }
        guard Reconciliation.versions.contains(version) else { throw .message(.notNegentropy) }
        guard version == Reconciliation.version else {
            if isClient { throw .message(.version(version)) }
            return
        }
        var place = Place()
        var ranges = 0
        while !reader.isAtEnd {
            let bound = try Self.read { () throws(NegentropyError) in try reader.bound() }
            let rawMode = try Self.read { () throws(NegentropyError) in try reader.varint() }
            guard let mode = Reconciliation.Mode(rawValue: rawMode) else { throw .message(.mode(rawMode)) }
            if mode == .skip {
                skipped = bound
                place.skip(to: bound)
                continue
            }
            ranges += 1
            let range = try self.range(&place, upTo: bound)
            guard ranges <= NegentropyLimits.rangesPerMessage else {
                return try addRemainder(from: range.lowerBound)
            }
            let (mark, wasSkipped) = (writer.mark, skipped)
            switch mode {
            case .skip: break
            case .fingerprint:
                let theirs = try Self.read { () throws(NegentropyError) in try reader.fingerprint() }
                if try sum(of: range).fingerprint == theirs {
                    skipped = bound
                } else {
                    try split(range, upTo: bound)
                }
            case .ids:
                let theirs = try Self.read { () throws(NegentropyError) in try reader.ids() }
                if isClient {
                    try compare(range, with: theirs)
                    skipped = bound
                } else {
                    place.index = try list(range, upTo: bound)
                }
            }
            guard limits.isExceeded(by: writer.bytes.count) else { continue }
            if mode == .ids && !isClient { return try addRemainder(from: place.index) }
            // Not this range any more: it is the beginning of what remains.
            writer.goBack(to: mark)
            skipped = wasSkipped
            return try addRemainder(from: range.lowerBound)
        }
    }

    /// How far the ranges have come. What is skipped is not looked up until something else follows.
    private struct Place {
        /// The item at which the next range begins; behind it while something is skipped.
        var index = 0
        /// Where the last range ended.
        var bound = NegentropyBound(timestamp: 0)
        var isBehind = false

        mutating func skip(to bound: NegentropyBound) {
            if bound != self.bound { isBehind = true }
            self.bound = bound
        }
    }

    /// The items from where the ranges have come up to a bound.
    private func range(_ place: inout Place, upTo bound: NegentropyBound) throws(Failure) -> Range<Int> {
        if place.isBehind { place.index = try index(notBefore: place.bound, from: place.index) }
        let end = bound == place.bound ? place.index : try index(notBefore: bound, from: place.index)
        let range = place.index..<end
        place = Place(index: end, bound: bound)
        return range
    }

    /// One fingerprint of everything there was no room for.
    private mutating func addRemainder(from index: Int) throws(Failure) {
        addSkipped()
        writer.add(.infinity)
        writer.add(.fingerprint)
        writer.add(try sum(of: index..<storage.count).fingerprint)
    }

    private mutating func addSkipped() {
        guard let bound = skipped else { return }
        writer.add(bound)
        writer.add(.skip)
        skipped = nil
    }

    /// Writes the parts of a range that differs, or its ids.
    private mutating func split(_ range: Range<Int>, upTo bound: NegentropyBound) throws(Failure) {
        addSkipped()
        guard range.count >= 2 * NegentropyLimits.parts else {
            writer.add(bound)
            writer.add(.ids)
            writer.add(count: range.count)
            return try items(in: range) { item in
                writer.add(item.id)
                return true
            }
        }
        var start = range.lowerBound
        for end in try cuts(of: range) + [range.upperBound] {
            writer.add(end == range.upperBound ? bound : try self.bound(before: end))
            writer.add(.fingerprint)
            writer.add(try sum(of: start..<end).fingerprint)
            start = end
        }
    }

    /// How many parts a range is split into. A client whose parts would be listed by the other side if they differ makes them so
    /// small that the lists are about as long as the fingerprints.
    private func parts(of count: Int) -> Int {
        let usual = NegentropyLimits.parts
        guard isClient, count < 2 * usual * usual else { return usual }
        return max(usual, count / NegentropyLimits.listedItems)
    }

    /// Answers ids by our own of that range.
    ///
    /// - Returns: how far there was room.
    private mutating func list(_ range: Range<Int>, upTo bound: NegentropyBound) throws(Failure) -> Int {
        addSkipped()
        var ids: [EventID] = []
        var end = bound
        let before = writer.bytes.count
        try items(in: range) { item in
            guard !limits.isExceeded(by: before + 32 * ids.count) else {
                end = NegentropyBound(before: item)
                return false
            }
            ids.append(item.id)
            return true
        }
        writer.add(end)
        writer.add(.ids)
        writer.add(count: ids.count)
        for id in ids { writer.add(id) }
        return range.lowerBound + ids.count
    }

    /// Finds what one side lacks of a range.
    private mutating func compare(_ range: Range<Int>, with ids: MessageReader.IDs) throws(Failure) {
        var theirs = Set(ids)
        try items(in: range) { item in
            if theirs.remove(item.id) == nil { differences.have.append(item.id) }
            return true
        }
        differences.need += theirs
    }
}

extension Answer {
    private func index(notBefore bound: NegentropyBound, from index: Int) throws(Failure) -> Int {
        do { return try storage.firstIndex(notBefore: bound, in: index..<storage.count) } catch {
            throw .storage(error)
        }
    }

    private func cuts(of range: Range<Int>) throws(Failure) -> [Int] {
        do { return try storage.cuts(of: range, into: parts(of: range.count)) } catch {
            throw .storage(error)
        }
    }

    private func bound(before index: Int) throws(Failure) -> NegentropyBound {
        do { return try storage.bound(before: index) } catch { throw .storage(error) }
    }

    private func sum(of range: Range<Int>) throws(Failure) -> NegentropySum {
        if range.isEmpty { return NegentropySum() }
        do { return try storage.sum(of: range) } catch { throw .storage(error) }
    }

    private func items(in range: Range<Int>, _ body: (NegentropyItem) -> Bool) throws(Failure) {
        if range.isEmpty { return }
        do { try storage.items(in: range, body) } catch { throw .storage(error) }
    }

    private static func read<Value>(
        _ body: () throws(NegentropyError) -> Value
    ) throws(Failure) -> Value {
        do { return try body() } catch { throw .message(error) }
    }
}
