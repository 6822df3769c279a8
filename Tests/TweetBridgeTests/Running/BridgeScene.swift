// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Foundation
import Ingest
import NIOConcurrencyHelpers
import NostrCore
import TestSupport
import TweetCore
import XStandIn

@testable import TweetBridge

/// A stand-in for X, a store, and a bridge between them: real sockets, virtual time.
final class BridgeScene: Sendable {
    static let mnemonic = Array(repeating: "abandon", count: 11).joined(separator: " ") + " about"

    let x: XServer
    let world: BridgeWorld
    let observer = CountingObserver()
    private let transport: XTransport
    /// Whether the stand-in ends with this scene.
    private let ownsX: Bool
    private let configuration: BridgeConfiguration

    init(
        world given: BridgeWorld? = nil, x givenServer: XServer? = nil,
        timeout: Int64 = 30_000,
        _ change: (inout BridgeConfiguration) -> Void = { _ in }
    ) async throws {
        ownsX = givenServer == nil
        if let givenServer { x = givenServer } else { x = try await XServer.start() }
        world = try given ?? BridgeWorld(at: XWorld.virtualStart.milliseconds)
        var configuration = BridgeConfiguration()
        configuration.planner.pagesPerPoll = 5
        change(&configuration)
        self.configuration = configuration
        var settings = try XClientSettings(baseURL: x.baseURL)
        settings.timeout = timeout
        transport = XTransport(settings)
    }

    /// Leaves the world and X to others.
    func leave() async { await transport.close() }

    func end() async throws {
        await leave()
        await world.ingest.shutdown()
        if ownsX { try await x.stop() }
    }

    /// Of one whose world and stand-in are another's.
    func close() async { await transport.close() }

    /// Lets time pass on both sides.
    func pass(_ span: Duration) {
        x.withWorld { $0.advance(by: span) }
        world.pass(span.components.seconds * 1_000 + span.components.attoseconds / 1_000_000_000_000_000)
    }

    private func client(cap: Int64 = 5_000_000) throws -> XClient {
        let (ledger, _) = SpendLedger.restored(
            try SpendRows(store: world.store).load(), policy: SpendPolicy(cap: cap),
            at: world.now)
        return XClient(
            transport, sources: [AppToken(Secret(XWorld.appToken))], ledger: ledger,
            keeper: SpendRows(store: world.store),
            clock: BridgeClock(now: { [world] in world.now }, sleep: { [world] in world.pass($0) }),
            chance: SplitMix64(seed: 1))
    }

    func bridge(
        cap: Int64 = 5_000_000, media: any MediaReadiness = LinkedMedia(), leases: AccountLeases? = nil
    ) throws -> Bridge {
        try Bridge(
            configuration, source: try client(cap: cap), stream: nil, store: world.store,
            keys: KeyRing(.nip06ID, seed: try Mnemonic(Self.mnemonic).seed),
            clock: BridgeClock(now: { [world] in world.now }, sleep: { [world] in world.pass($0) }),
            observer: observer, media: media, leases: leases)
    }

    /// One run of a bridge of its own, as after a restart.
    func once(cap: Int64 = 5_000_000, media: any MediaReadiness = LinkedMedia()) async throws {
        await (try bridge(cap: cap, media: media)).once()
    }

    func events(_ kinds: [Kind] = [.textNote]) throws -> [Event] {
        var filter = Filter()
        filter.kinds = kinds
        return try world.events.events(matching: [filter], now: Timestamp(world.now / 1_000)).reversed()
    }

    /// The posts' texts in the relay, the oldest first.
    func texts() throws -> [String] { try events().map(\.content) }
}

/// Remembers what it was told.
final class CountingObserver: BridgeObserver {
    struct Told: Sendable {
        var mirrored: [PostID] = []
        var leftOut: [PostID: String] = [:]
        var tookBack: [PostID] = []
        var rehearsed: [Rehearsal] = []
        var failures: [XFailure] = []
        var errors: [String] = []
        var unreadable: [UserID: Absence] = [:]
        var profiles: [UserID] = []
        var leases: [(UserID, isOurs: Bool)] = []
        var leftAlone: [(handle: Handle, reason: String)] = []
        var erased: [UserID] = []
    }

    private let told = NIOLockedValueBox(Told())
    var now: Told { told.withLockedValue { $0 } }

    func kept(_ posts: Int, new: Int, of scope: FetchScope?) {}
    func mirrored(_ post: PostID, _ event: EventID, kind: Kind) {
        told.withLockedValue { $0.mirrored.append(post) }
    }
    func leftOut(_ post: PostID, _ reason: String) { told.withLockedValue { $0.leftOut[post] = reason } }
    func rehearsed(_ post: PostID, _ act: Rehearsal) { told.withLockedValue { $0.rehearsed.append(act) } }
    func tookBack(_ post: PostID, _ reason: DeletionReason) {
        told.withLockedValue { $0.tookBack.append(post) }
    }
    func polled(_ account: UserID?, failures: Int64, _ failure: XFailure?) {
        if let failure { told.withLockedValue { $0.failures.append(failure) } }
    }
    func paused(until: Int64, _ failure: XFailure) {}
    func unreadable(_ account: UserID, _ absence: Absence) {
        told.withLockedValue { $0.unreadable[account] = absence }
    }
    func leased(_ account: UserID, isOurs: Bool) {
        told.withLockedValue { $0.leases.append((account, isOurs)) }
    }
    func lost(_ scope: FetchScope, _ gap: PostGap) {}
    func profilePublished(_ account: UserID) { told.withLockedValue { $0.profiles.append(account) } }
    func leftAlone(_ handle: Handle, _ reason: String) {
        told.withLockedValue { $0.leftAlone.append((handle, reason)) }
    }
    func erased(_ account: UserID, _ events: Int, _ reason: DeletionReason) {
        told.withLockedValue { $0.erased.append(account) }
    }
    func failed(_ what: String, _ error: String) {
        told.withLockedValue { $0.errors.append("\(what): \(error)") }
    }
}
