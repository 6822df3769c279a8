// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOPosix
import NostrCore
import RelayTransport
import TestSupport
import TweetCore
import XStandIn

@testable import TweetBridge

/// A stand-in for X, and a bridge that keeps the media of the account "ada" on a disk that can be full.
final class MediaScene: Sendable {
    static let ownServer = "http://here.test"

    let scene: BridgeScene
    let user: XUserID
    let files: BlobFiles
    let servers: [String]
    let limits: MediaLimits
    private let dialer: Dialer
    private let disk: NIOLockedValueBox<Int32?>
    private let fault: NIOLockedValueBox<SubmissionFault>
    private let pictures = NIOLockedValueBox<Int64>(0)

    /// - Parameter servers: Blossom servers; none: our own port alone.
    static func run(
        servers: [String] = [], _ limits: MediaLimits = .patient,
        _ body: (MediaScene) async throws -> Void
    ) async throws {
        let scene = try await MediaScene(servers, limits)
        do { try await body(scene) } catch {
            try await scene.end()
            throw error
        }
        try await scene.end()
    }

    private init(_ servers: [String], _ limits: MediaLimits) async throws {
        self.servers = servers
        self.limits = limits
        let (disk, fault) = (
            NIOLockedValueBox<Int32?>(nil), NIOLockedValueBox<SubmissionFault>(.none)
        )
        (self.disk, self.fault) = (disk, fault)
        let world = try BridgeWorld(at: XWorld.virtualStart.milliseconds) { fault.withLockedValue { $0 } }
        var calls = FileCalls.system
        calls.write = { descriptor, bytes in
            guard let code = disk.withLockedValue({ $0 }) else {
                return FileCalls.system.write(descriptor, bytes)
            }
            // Half of it: as a disk takes what it still can.
            if bytes.count > 1 {
                return FileCalls.system.write(
                    descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]))
            }
            errno = code
            return -1
        }
        files = try BlobFiles(root: world.directory.file("media"), calls: calls)
        dialer = try Dialer(group: MultiThreadedEventLoopGroup.singleton, options: DialOptions())
        scene = try await BridgeScene(world: world) { configuration in
            configuration.handles = [Handle("ada")].compactMap(\.self)
            configuration.media = servers.isEmpty ? .store : .blossom
            configuration.blossomServers = servers
            configuration.ownServer = Self.ownServer
        }
        user = try scene.x.withWorld { try $0.addUser("ada") }
    }

    private func end() async throws {
        dialer.shutdown()
        try await scene.end()
    }

    var store: BridgeStore { scene.world.store }

    /// What writing to the disk fails with, if it does.
    func breakDisk(_ code: Int32?) { disk.withLockedValue { $0 = code } }
    /// What becomes of what the store is told.
    func breakStore(_ isBroken: Bool) { fault.withLockedValue { $0 = isBroken ? .before : .none } }

    let key = TestKey.secret(1)

    /// As after a restart: what runs once is over then.
    func kept(servers others: [String]? = nil) -> KeptMedia {
        let world = scene.world
        return KeptMedia(
            store, files: files, baseURL: Self.ownServer, servers: others ?? servers, dialer: dialer,
            group: MultiThreadedEventLoopGroup.singleton, trust: .operatorNamed, limits: limits,
            clock: BridgeClock(now: { world.now }, sleep: { world.pass($0) }))
    }

    /// Lets a minute pass, and runs a bridge once.
    func once(after span: Duration = .seconds(60)) async throws {
        scene.pass(span)
        try await scene.once(media: kept())
    }

    /// Fetches and uploads, without a bridge.
    func work() async throws {
        let media = kept()
        do {
            _ = try await media.work(
                key: { [key] _ in key }, observer: scene.observer, done: {})
        } catch {
            await media.shutdown()
            throw error
        }
        await media.shutdown()
    }

    func tidy() async throws -> BlobTidying.Round {
        let media = kept()
        let round = try await media.tidy(searching: true) { [key] _ in key }
        await media.shutdown()
        return round
    }

    /// Posts pictures, each another one.
    @discardableResult
    func post(_ text: String = "Look", photos: Int = 1) throws -> XPostID {
        try post(text, showing: try (0..<photos).map { _ in try picture() })
    }

    @discardableResult
    func post(_ text: String, showing keys: [String]) throws -> XPostID {
        try scene.x.withWorld { try $0.post(XDraft(text, mediaKeys: keys), by: user) }
    }

    /// A picture that no other is like.
    func picture() throws -> String {
        let width = pictures.withLockedValue { number in
            number += 1
            return 8 + number
        }
        return try scene.x.withWorld { try $0.addMedia(XMediaDraft(width: width, height: 8)) }
    }

    /// Files that have their names.
    var hashes: [Bytes32] { (UInt8.min...UInt8.max).flatMap { files.hashes(beginningWith: $0) } }
    var unfinished: [String] { TemporaryDirectory.names(in: files.unfinished) }
    /// All media that are known.
    var media: [MediaRow] { get throws { try store.allMedia(limit: 100) } }
}

extension Event {
    /// The fields of its `imeta` tags, one text each.
    var mediaFields: [String] {
        tags.filter { $0.name == "imeta" }.flatMap { $0.elements.dropFirst().map(\.string) }
    }
}
