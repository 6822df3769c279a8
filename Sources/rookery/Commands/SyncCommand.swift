// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import NIOCore
import NIOPosix
import NostrCore
import RelayTransport
import SyncEngine

/// `rookery sync URL`
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Bring this store and another relay in step, once.",
        discussion: """
            What differs is found by negentropy (NIP-77), so that a second run costs next to nothing; a relay that does \
            not know it is read page by page. Every event that comes passes the same door as one that a client \
            sends. A running daemon takes the events, and goes on serving; otherwise the store is opened here. Where \
            the relay asks for a key, this relay's own is shown (NIP-42).

            Exit code 0 when both are in step, as far as was asked; 1 when something is missing, was refused by the other \
            relay, or broke off; with --dry-run also when there is a difference; 2 when the command line or the \
            configuration is wrong. Broken off, it goes on where it was when it is run again; it does not dial twice.

            What this store refuses (a tombstone, a rule) stays there only: --dry-run, which judges nothing, counts it \
            as a difference every time.
            """)

    @Argument(help: ArgumentHelp("The other relay: wss://… or ws://…", valueName: "url"))
    var url: String

    @Option(help: ArgumentHelp("Only what matches this Nostr filter, which has no limit.", valueName: "json"))
    var filter: [String] = []

    @Option(name: .customLong("dir"), help: "down (from there), up (from here) or both.")
    var direction = SyncDirection.both

    @Flag(
        inversion: .prefixedNo,
        help: "Compress what goes over the wire; by default unless the relay is on this machine.")
    var compress: Bool?

    @Flag(help: "Only tell what differs.")
    var dryRun = false

    @Flag(help: "Tell the result as JSON.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard filter.count <= 1 else {
            throw ValidationError("--filter stands once: run it once for each filter")
        }
    }

    func run() async throws {
        let settings = try options.settings()
        let relay: RelayURL
        do { relay = try RelayURL(url) } catch {
            throw ConfigError("not the URL of a relay (wss://…): \(ConfigKey.shown(url))")
        }
        let filter = try FilterArgument.parse(filter)[0]
        guard filter.limit == nil else {
            throw ConfigError(
                "--filter: sets are compared whole, so that it takes no limit; use since and until")
        }
        let start = ContinuousClock.now
        let tally = try await tally(relay, filter, settings)
        SyncReport(tally: tally, direction: direction, isDry: dryRun, time: .now - start)
            .tell(relay, asJSON: json)
        if !tally.isInStep(direction, isDry: dryRun) { throw ExitCode(1) }
    }

    private func tally(_ relay: RelayURL, _ filter: Filter, _ settings: Settings) async throws -> SyncTally {
        if dryRun {
            return try await sync(relay, filter, settings, try OwnStore.readOnly(settings), .closed)
        }
        switch try WritingSide.find(settings, makesStore: true) {
        case .daemon(let client):
            let store = try OwnStore.readOnly(settings)
            return try await sync(relay, filter, settings, store, .daemon(DaemonDoor(client)))
        case .own(let own):
            let door = SyncDoor.own(EventImporter(ingest: own.ingest))
            var ended = await Result.catching { try await sync(relay, filter, settings, own.store, door) }
            if let reason = await own.close() {
                ended = ended.flatMap { _ in .failure(CommandFailure(reason)) }
            }
            return try ended.get()
        }
    }

    private func sync(
        _ relay: RelayURL, _ filter: Filter, _ settings: Settings, _ store: EventStore, _ door: SyncDoor
    ) async throws -> SyncTally {
        let path = settings.relayKeyFile
        let key = dryRun ? try RelayKeyFile.read(path) : try RelayKeyFile.load(path)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let dialer: Dialer
        var dialOptions = settings.dialOptions
        dialOptions.compresses = compress ?? !relay.isOnThisMachine
        do { dialer = try Dialer(group: group, options: dialOptions) } catch {
            throw CommandFailure("sync.ca_file: \(settings.sync.caFile): \(error)")
        }
        var line = ProgressLine()
        var run = SyncRun(
            relay: relay, store: store, door: door, key: key,
            connector: SocketConnector(dialer: dialer, group: group),
            tell: { Console.complain("\(relay): \($0)") })
        run.progress = { course in line.show(course.fraction, course.moved, "events") }
        let ended = await Result.catching { try await run.run(filter, direction, isDry: dryRun) }
        line.clear()
        dialer.shutdown()
        try? await group.shutdownGracefully()
        do { return try ended.get() } catch let error as StoreError {
            throw CommandFailure("\(settings.directory.path): \(error)")
        }
    }
}

extension RelayURL {
    /// Whether bytes to it cost nothing.
    fileprivate var isOnThisMachine: Bool {
        host == "localhost" || host.hasPrefix("127.") || host == "[::1]" || host == "::1"
    }
}

extension Result where Failure == any Error {
    /// What `body` gives or throws.
    static func catching(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
