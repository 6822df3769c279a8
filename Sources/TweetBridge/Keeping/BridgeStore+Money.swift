// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import NostrCore

extension BridgeStore {
    // MARK: Rate budgets

    /// What was last known about a route's limit.
    public func budget(credential: String, route: String) throws(BridgeStoreError) -> BudgetRow? {
        try read(.budget(credential, route))
    }

    /// Every route of a credential.
    public func budgets(credential: String, limit: Int = 1_000) throws(BridgeStoreError) -> [(
        route: String, BudgetRow
    )] {
        let prefix = RowKey("b").with(credential).with(byte: 0)
        var found: [(route: String, BudgetRow)] = []
        for row in try rows(BridgeTables.money, prefix, limit: limit) {
            let route = KeyReader(row.key, skipping: prefix.bytes.count).text
            found.append((route, try RowCodec.decode(row.value, as: BudgetRow.self)))
        }
        return found
    }

    /// Keeps what answers said, by credential and route.
    public func store(
        budgets: [(credential: String, route: String, row: BudgetRow)]
    ) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in
            for (credential, route, row) in budgets { try draft.write(.budget(credential, route), row) }
        }
    }

    // MARK: Money

    /// Writes down what X took money for: each thing once a day (UTC).
    ///
    /// - Returns: what that day's sum is now.
    @discardableResult
    public func charge(_ charges: [Charge]) async throws(BridgeStoreError) -> SpendTotal {
        try await change { draft throws(BridgeStoreError) in try draft.charge(charges) }
    }

    /// What was spent on a day, by its number since 1970 (UTC); today's without one.
    public func spent(on day: Int64? = nil) throws(BridgeStoreError) -> SpendTotal {
        try read(.spent(on: day ?? now() / dayLength)) ?? SpendTotal()
    }

    /// Whether something was paid for today already.
    public func isPaid(_ kind: String, _ id: UInt64) throws(BridgeStoreError) -> Bool {
        try value(BridgeTables.money, RowKey.charge(kind, id, on: now() / dayLength)) != nil
    }

    /// Forgets what was paid for before a day, some rows at a time; the sums stay.
    ///
    /// - Returns: whether there may be more.
    public func forgetCharges(before day: Int64) async throws(BridgeStoreError) -> Bool {
        let old = try rows(BridgeTables.money, RowKey("s"), limit: limits.page).filter { row in
            var reader = KeyReader(row.key)
            return (reader.number() ?? .max) < UInt64(clamping: day)
        }
        if old.isEmpty { return false }
        try await change { draft throws(BridgeStoreError) in
            for row in old { try draft.unmark(BridgeTables.money, RowKey(bytes: row.key)) }
        }
        return true
    }

    // MARK: Credentials

    /// What signs requests in, with its secrets in the clear.
    public func credential(_ name: String) throws(BridgeStoreError) -> KeptCredential? {
        guard let row = try read(.credential(name)) else { return nil }
        guard let seal else { throw .refused("there is no key to open credentials with") }
        return KeptCredential(
            kind: row.kind, secret: try seal.opened(row.sealed, name: name), expires: row.expires,
            rotation: row.rotation)
    }

    /// Replaces a credential, on the disk before it is used.
    ///
    /// - Parameters:
    ///   - rotation: of the one that it replaces; 0 where there is none.
    ///   - next: its own; one more where nothing is said.
    /// - Throws: ``BridgeStoreError/conflict(_:)`` when somebody has renewed it meanwhile: what they wrote is to be read.
    public func renew(
        _ name: String, kind: String, secret: [UInt8], expires: Int64?, replacing rotation: UInt64,
        with next: UInt64? = nil
    ) async throws(BridgeStoreError) -> KeptCredential {
        guard let seal else { throw .refused("there is no key to seal credentials with") }
        guard (1...200).contains(name.utf8.count) else {
            throw .refused("\(name.prefix(40)) is no credential's name")
        }
        let sealed = try seal.sealed(secret, name: name)
        return try await change { draft throws(BridgeStoreError) in
            guard try draft.read(.credential(name))?.rotation ?? 0 == rotation else {
                throw .conflict("credential \(name)")
            }
            let row = CredentialRow(
                kind: kind, sealed: sealed, expires: expires, rotation: next ?? rotation + 1,
                updatedAt: draft.now)
            try draft.write(.credential(name), row)
            return KeptCredential(kind: kind, secret: secret, expires: expires, rotation: row.rotation)
        }
    }

    /// Forgets a credential.
    public func removeCredential(_ name: String) async throws(BridgeStoreError) {
        try await change { draft throws(BridgeStoreError) in try draft.remove(.credential(name)) }
    }
}

/// What signs requests in; never logged.
public struct KeptCredential: Hashable, Sendable {
    public let kind: String
    /// Tokens, as whoever renews them writes them down.
    public let secret: [UInt8]
    /// **Milliseconds** since 1970.
    public let expires: Int64?
    public let rotation: UInt64
}

/// **Milliseconds** of a day.
let dayLength: Int64 = 86_400_000

extension RowKey {
    static func charge(_ kind: String, _ id: UInt64, on day: Int64) -> RowKey {
        RowKey("s").with(ms: day).with(kind).with(byte: 0).with(id)
    }
}

extension Draft {
    @discardableResult
    mutating func charge(_ charges: [Charge]) throws(BridgeStoreError) -> SpendTotal {
        let day = now / dayLength
        if charges.isEmpty { return try read(.spent(on: day)) ?? SpendTotal() }
        var total = try read(.spent(on: day)) ?? SpendTotal()
        for charge in charges {
            let key = RowKey.charge(charge.kind, charge.id, on: day)
            guard try value(BridgeTables.money, key) == nil else { continue }
            try mark(BridgeTables.money, key)
            total.micros += charge.micros
            total.counts[charge.kind, default: 0] += 1
        }
        try write(.spent(on: day), total)
        return total
    }
}
