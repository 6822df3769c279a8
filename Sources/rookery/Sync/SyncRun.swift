// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOCore
import Negentropy
import NostrCore
import SyncEngine
import SyncPlanner
import UnixSignals

/// Performs a one-shot sync: the socket, our store and the clock around a ``SyncCourse``.
struct SyncRun {
    let relay: RelayURL
    let store: EventStore
    let door: SyncDoor
    let key: SecretKey
    let connector: any UpstreamConnector
    /// Something that whoever looks on should know.
    let tell: @Sendable (String) -> Void
    /// Shows how far it is.
    var progress: (SyncCourse) -> Void = { _ in }

    /// How long is waited for what the relay says of itself.
    private static let informationWait = Duration.seconds(3)
    private static let tick = Duration.milliseconds(250)

    /// - Throws: when our own store cannot be read.
    func run(_ filter: Filter, _ direction: SyncDirection, isDry: Bool) async throws -> SyncTally {
        let (relay, connector) = (relay, connector)
        async let information = Self.readInformation(of: relay, connector)
        let set = try Reconciler.gather(filter, in: store)
        let said = await information
        let reconciler = Reconciler(filter, set, in: store, frameBytes: Self.frameBytes(said))
        var terms = SyncCourse.Terms(filter: filter, direction: direction, isDry: isDry)
        terms.limits = SyncCourseLimits(said)
        terms.pages = UpstreamLimits(
            maxFilters: 1, pageSize: min(500, said?.maxLimit ?? 500),
            pageSizeMax: min(5_000, said?.maxLimit ?? 5_000))
        let course = SyncCourse(terms, first: try reconciler.first(), local: reconciler.count)
        return try await converse(course, reconciler)
    }

    /// What a relay that says nothing of it surely takes, in hexadecimal, and no more than half a megabyte.
    static func frameBytes(_ information: UpstreamInformation?) -> Int {
        guard let length = information?.maxMessageLength else { return 60_000 }
        return min(500_000, max(0, (length - 1_024) / 2))
    }

    static func readInformation(
        of relay: RelayURL, _ connector: any UpstreamConnector
    ) async -> UpstreamInformation? {
        let (stream, answer) = AsyncStream.makeStream(of: UpstreamInformation?.self)
        connector.readInformation(of: relay, namedBy: .operator) {
            answer.yield($0)
            answer.finish()
        }
        return await withTaskGroup(of: UpstreamInformation?.self) { group in
            group.addTask { await stream.first { _ in true } ?? nil }
            group.addTask {
                try? await Task.sleep(for: Self.informationWait)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private func converse(_ course: SyncCourse, _ reconciler: Reconciler) async throws -> SyncTally {
        let (inputs, mailbox) = AsyncStream.makeStream(of: SyncCourse.Input.self)
        let connection = connector.connect(relay, namedBy: .operator) { report in
            if let input = SyncCourse.Input(report) { mailbox.yield(input) }
        }
        defer { connection.close() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.tick)
                    mailbox.yield(.tick)
                }
            }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) {
                    mailbox.yield(.interrupted)
                }
            }
            defer { group.cancelAll() }
            var (course, reconciler) = (course, reconciler)
            var judging = Judging(width: door.width)
            for await input in inputs {
                if case .judged = input { judging.ended() }
                let effects = course.reduce(input, at: SystemClocks.uptime())
                for effect in effects {
                    switch effect {
                    case .submit(let events, _): judging.add(events)
                    case .step(let text): mailbox.yield(try reconciler.step(text))
                    case .load(let ids): mailbox.yield(.loaded(try load(ids)))
                    case .sign(let challenge): mailbox.yield(.signed(sign(challenge)))
                    case .send, .pauseReading, .resumeReading, .tell, .stop: perform(effect, connection)
                    }
                }
                while let (events, bytes) = judging.next() {
                    group.addTask { [door] in
                        mailbox.yield(.judged(bytes: bytes, await Self.judge(events, door)))
                    }
                }
                progress(course)
                if course.isOver { break }
            }
            return course.tally
        }
    }

    private func perform(_ effect: SyncCourse.Effect, _ connection: any UpstreamConnection) {
        switch effect {
        case .send(let message): connection.send([message])
        case .pauseReading: connection.pauseReading()
        case .resumeReading: connection.resumeReading()
        case .tell(let text): tell(text)
        case .submit, .step, .load, .sign, .stop: break
        }
    }

    /// A door that cannot be reached takes nothing.
    private static func judge(_ events: [ParsedEvent], _ door: SyncDoor) async -> ImportReport {
        do { return try await door.judge(events) } catch {
            var report = ImportReport()
            for line in events.indices { report.count(.failed("\(error)"), line: line + 1) }
            return report
        }
    }

    private func load(_ ids: [EventID]) throws -> [Event] {
        var events: [Event] = []
        events.reserveCapacity(ids.count)
        for id in ids { if let event = try store.event(id) { events.append(event) } }
        return events
    }

    /// Signs for the URL that was dialled (NIP-42).
    private func sign(_ challenge: String) -> Event {
        UnsignedEvent(
            pubkey: key.publicKey, createdAt: SystemClocks.now(), kind: .clientAuthentication,
            tags: [Tag(["relay", relay.text]), Tag(["challenge", challenge])], content: ""
        ).signed(by: key)
    }
}

extension SyncCourse.Input {
    init?(_ report: UpstreamReport) {
        switch report {
        case .opened: self = .opened
        case .failed(let failure, _, let detail):
            let detail = detail.map { ": \($0)" } ?? ""
            self = .closed("cannot be reached: \(failure.explanation)\(detail)")
        case .received(let messages, _, _): self = .received(messages)
        case .skipping: return nil
        case .skipped: self = .received([])
        case .closed(let end): self = .closed(end.rawValue)
        }
    }
}
