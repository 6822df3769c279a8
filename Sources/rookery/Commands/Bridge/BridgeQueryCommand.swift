// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import EventStore
import NIOCore
import NIOPosix
import NostrCore
import RelayTransport
import SyncEngine
import SyncPlanner
import TweetCore

/// `rookery bridge query-events`
struct BridgeQueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query-events",
        abstract: "Show stored events, here or at another relay, the newest first.",
        discussion: """
            A running daemon is not disturbed. Another relay is waited for for ten seconds; events whose id or signature \
            is wrong are left out.
            """)
    @OptionGroup var options: ConfigOptions
    @Option(name: .shortAndLong, help: "Of this kind; repeatable.") var kind: [UInt16] = []
    @Option(name: .shortAndLong, help: ArgumentHelp("By this key; repeatable.", valueName: "npub or hex"))
    var author: [String] = []
    @Option(name: .shortAndLong, help: "How many.") var limit = 10
    @Option(help: ArgumentHelp("Made then or later.", valueName: "day or seconds")) var since: String?
    @Option(help: ArgumentHelp("Made then or earlier.", valueName: "day or seconds")) var until: String?
    @Option(name: .shortAndLong, help: "pretty or json: an event a line.") var format = Format.pretty
    @Option(name: .shortAndLong, help: ArgumentHelp("Ask this relay instead.", valueName: "url"))
    var relay: String?

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case pretty, json
    }

    /// Events of one answer.
    private static let most = 5_000

    func validate() throws {
        guard (1...Self.most).contains(limit) else { throw ValidationError("--limit takes 1 … \(Self.most)") }
    }

    func run() async throws {
        let settings = try options.settings()
        let filter = try filter()
        guard let relay else { return try showOwn(filter, settings) }
        let url: RelayURL
        do { url = try RelayURL(relay) } catch {
            throw ValidationError("not the URL of a relay (wss://…): \(ConfigKey.shown(relay))")
        }
        let (events, problem) = try await ask(url, filter, settings)
        for event in events { show(Array(event.json), event) }
        if let problem { throw CommandFailure("\(url): \(UpstreamWords.printable(problem))") }
    }

    private func filter() throws -> Filter {
        var filter = Filter()
        if !kind.isEmpty { filter.kinds = kind.map { Kind($0) } }
        if !author.isEmpty { filter.authors = try author.map(Self.key) }
        filter.since = try since.map { try Self.moment($0, "--since") }
        filter.until = try until.map { try Self.moment($0, "--until") }
        filter.limit = limit
        return filter
    }

    private static func key(_ text: String) throws -> PublicKey {
        if let key = PublicKey(hex: text) { return key }
        if case .npub(let key) = NIP19Entity(bech32: text) { return key }
        throw ValidationError("--author takes npub… or 64 hexadecimal digits, not \(ConfigKey.shown(text))")
    }

    private static func moment(_ text: String, _ flag: String) throws -> Timestamp {
        if let seconds = Int64(text), seconds >= 0 { return Timestamp(seconds) }
        return Timestamp(try MomentArgument.parse(text, flag) / 1_000)
    }

    private func showOwn(_ filter: Filter, _ settings: Settings) throws {
        let query = ExportQuery(store: try OwnStore.readOnly(settings), now: SystemClocks.now())
        do {
            try query.walk([filter]) { json, _ in
                let json = json.withUnsafeBufferPointer(Array.init)
                show(json, try? Event.parse(json).event)
                return true
            }
        } catch { throw CommandFailure("\(settings.directory.path): \(error)") }
    }

    private func ask(
        _ relay: RelayURL, _ filter: Filter, _ settings: Settings
    ) async throws -> (events: [Event], problem: String?) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let dialer: Dialer
        do { dialer = try Dialer(group: group, options: settings.dialOptions) } catch {
            throw CommandFailure("sync.ca_file: \(settings.sync.caFile): \(error)")
        }
        let question = RelayQuestion(relay: relay, filter: filter, most: limit)
        let answer = await question.ask(through: SocketConnector(dialer: dialer, group: group))
        dialer.shutdown()
        try? await group.shutdownGracefully()
        return answer
    }

    private func show(_ json: [UInt8], _ event: Event?) {
        guard format == .pretty, let event else {
            return Console.print(ControlCoding.escaped(json) + [UInt8(ascii: "\n")])
        }
        let moment = UTCMoment.text(event.createdAt.seconds * 1_000).prefix(19)
        let lines = [
            "\(event.id.hex)  kind \(event.kind)  \(moment)", "  by \(event.pubkey.npub)",
            "  \(BridgeDesk.oneLine(event.content))",
        ]
        for line in lines { Console.say(UpstreamWords.printable(line)) }
    }
}
