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
            configuration is wrong. Broken off, it goes on where it was when it is run again.
            """)

    @Argument(help: ArgumentHelp("The other relay: wss://… or ws://…", valueName: "url"))
    var url: String

    @Option(help: ArgumentHelp("Only what matches this Nostr filter.", valueName: "json"))
    var filter: String?

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

    func run() async throws {
        let settings = try options.settings()
        let relay: RelayURL
        do { relay = try RelayURL(url) } catch {
            throw ConfigError("not the URL of a relay (wss://…): \(ConfigKey.shown(url))")
        }
        let filter = try filter.map(FilterArgument.parse) ?? Filter()
        let start = ContinuousClock.now
        let tally: SyncTally
        if let client = try ControlClient.reach(settings.directory) {
            let store = try OwnStore.readOnly(settings)
            tally = try await sync(relay, filter, settings, store, .daemon(DaemonDoor(client)))
        } else {
            let own: OwnStore
            do { own = try OwnStore(settings) } catch let error as DirectoryLock.Held {
                throw CommandFailure("\(error), which does not answer at its control socket")
            }
            let door = SyncDoor.own(EventImporter(ingest: own.ingest))
            var ended = await Result.catching { try await sync(relay, filter, settings, own.store, door) }
            if let reason = await own.close() {
                ended = ended.flatMap { _ in .failure(CommandFailure(reason)) }
            }
            tally = try ended.get()
        }
        SyncReport(tally: tally, direction: direction, isDry: dryRun, time: .now - start)
            .tell(relay, asJSON: json)
        if !tally.isInStep(direction, isDry: dryRun) { throw ExitCode(1) }
    }

    private func sync(
        _ relay: RelayURL, _ filter: Filter, _ settings: Settings, _ store: EventStore, _ door: SyncDoor
    ) async throws -> SyncTally {
        let path = settings.relay.keyFile.isEmpty ? settings.directory.relayKey : settings.relay.keyFile
        let key = try RelayKeyFile.load(path)
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
