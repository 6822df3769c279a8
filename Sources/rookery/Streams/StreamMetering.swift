// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NIOConcurrencyHelpers
import NostrCore
import SyncEngine
import SyncPlanner
import Telemetry

/// Counts what streams tell, writes it to the log, and remembers how they stand for those who ask.
final class StreamMetering: StreamObserver {
    private let meters: StreamMeters
    private let logger: Logger
    private let uptime: @Sendable () -> Uptime
    private let state = NIOLockedValueBox<[StreamLine: Standing]>([:])

    /// How often at most the log has a line of one relay's refusals, and of ours.
    private static let sameLineInterval = Duration.seconds(60)

    private struct Standing {
        var snapshot: StreamSnapshot?
        var since: Uptime
        var lastError: String?
        var received: [StreamArrival: Int] = [:]
        var sent: [StreamAnswer: Int] = [:]
        var fillings: [StreamFilling: Int] = [:]
        var receivedBytes = 0
        var sentBytes = 0
        /// When the log had a line last of what the relay refuses, and of what we do.
        var refusalSaidAt: Uptime?
        var problemSaidAt: Uptime?
    }

    init(meters: StreamMeters, logger: Logger, uptime: @escaping @Sendable () -> Uptime) {
        self.meters = meters
        self.logger = logger
        self.uptime = uptime
    }

    func happened(_ fact: StreamFact, in line: StreamLine) {
        switch fact {
        case .arrived(let arrival, let count):
            meters.received[line.stream, arrival.rawValue].increment(by: count)
            change(line) { $0.received[arrival, default: 0] += count }
        case .answered(let answer, let words):
            meters.sent[line.stream, answer.rawValue].increment()
            let saysIt = change(line) { standing in
                standing.sent[answer, default: 0] += 1
                return !answer.isThere && isDue(&standing.refusalSaidAt)
            }
            if saysIt {
                let reason = words.isEmpty ? answer.rawValue : words
                log(.notice, "an event is not taken", line, [LogKey.reason: "\(reason)"])
            }
        case .notTaken(let reason):
            guard change(line, { isDue(&$0.problemSaidAt) }) else { return }
            log(.notice, "an event is not stored", line, [LogKey.reason: "\(reason)"])
        case .filled(let filling, let tally):
            meters.backfills[line.stream, filling.rawValue].increment()
            change(line) { standing in
                standing.fillings[filling, default: 0] += 1
                // Whatever was wrong before, nothing is missing now.
                standing.lastError = tally.failure
            }
            tell(filling, tally, line)
        case .ended(let reason, let wait):
            change(line) { $0.lastError = reason }
            log(
                .notice, "stream is interrupted", line,
                [LogKey.reason: "\(reason)", LogKey.retryIn: .span(wait)])
        case .opened: log(.info, "stream is connected", line)
        case .keyShown(true, _): log(.info, "stream has shown the relay's key", line)
        case .keyShown(false, let reason):
            change(line) { $0.lastError = "it does not take our key: \(reason)" }
            log(.warning, "stream's key is not taken", line, [LogKey.reason: "\(reason)"])
        case .liveEnded(let reason):
            log(.notice, "live subscription ended", line, [LogKey.reason: "\(reason)"])
        case .cannotReconcile(let reason):
            log(
                .warning, "what the relay lacks cannot be found out: it is sent what is new alone", line,
                [LogKey.reason: "\(reason)"])
        case .missed: log(.warning, "events were not sent: the feed does not reach back to them", line)
        case .rests: log(.debug, "stream rests", line)
        }
    }

    private func tell(_ filling: StreamFilling, _ tally: SyncTally, _ line: StreamLine) {
        var metadata: Logger.Metadata = [
            LogKey.status: "\(filling.rawValue)", LogKey.rounds: .number(tally.rounds),
        ]
        metadata[LogKey.eventCount] = .number(tally.received)
        if tally.missing > 0 { metadata[LogKey.reason] = "\(tally.missing) events are listed and not given" }
        if let failure = tally.failure { metadata[LogKey.reason] = "\(failure)" }
        log(filling == .failed ? .notice : .info, "back-fill ended", line, metadata)
    }

    func stands(_ snapshot: StreamSnapshot, in line: StreamLine) {
        let isNews = change(line) { standing in
            defer { standing.snapshot = snapshot }
            guard standing.snapshot?.state != snapshot.state else { return false }
            standing.since = uptime()
            return true
        }
        if isNews { show(line.stream) }
    }

    func begins(_ line: StreamLine) {
        // There from the start, so that a rate over them has no gap.
        for arrival in StreamArrival.allCases { _ = meters.received[line.stream, arrival.rawValue] }
        for answer in StreamAnswer.allCases { _ = meters.sent[line.stream, answer.rawValue] }
        for filling in StreamFilling.allCases { _ = meters.backfills[line.stream, filling.rawValue] }
    }

    func left(_ line: StreamLine) {
        let isLast = state.withLockedValue { standings in
            standings[line] = nil
            return !standings.keys.contains { $0.stream == line.stream }
        }
        if isLast { meters.forget(stream: line.stream) } else { show(line.stream) }
    }

    func moved(received: Int, sent: Int, in line: StreamLine) {
        if received > 0 { meters.bytes[line.stream, "received"].increment(by: received) }
        if sent > 0 { meters.bytes[line.stream, "sent"].increment(by: sent) }
        change(line) { standing in
            standing.receivedBytes += received
            standing.sentBytes += sent
        }
    }

    /// How every conversation stands, in the order of streams and relays.
    var statuses: [StreamStatus] {
        let now = uptime()
        return state.withLockedValue { $0 }
            .sorted { ($0.key.stream, $0.key.relay) < ($1.key.stream, $1.key.relay) }
            .map { line, standing in
                StreamStatus(
                    stream: line.stream, url: line.relay.text, direction: line.direction.rawValue,
                    state: standing.snapshot?.state ?? .waiting,
                    forSeconds: Int((now - standing.since).components.seconds), lastError: standing.lastError,
                    retryInSeconds: standing.snapshot?.retryAt.map { max(0, ($0 - now) / .seconds(1)) },
                    received: standing.received.named, sent: standing.sent.named,
                    backfills: standing.fillings.named, waiting: standing.snapshot?.waiting ?? 0,
                    receivedBytes: standing.receivedBytes, sentBytes: standing.sentBytes)
            }
    }

    private func show(_ stream: String) {
        let states = state.withLockedValue { standings in
            standings.filter { $0.key.stream == stream }.compactMap { $0.value.snapshot?.state }
        }
        for state in StreamState.allCases {
            meters.relays[stream, state.rawValue].set(states.count { $0 == state })
        }
    }

    @discardableResult
    private func change<Result>(_ line: StreamLine, _ body: (inout Standing) -> Result) -> Result {
        state.withLockedValue { body(&$0[line, default: Standing(since: uptime())]) }
    }

    /// Whether the log has another line of its kind now.
    private func isDue(_ saidAt: inout Uptime?) -> Bool {
        let now = uptime()
        if let said = saidAt, now - said < Self.sameLineInterval { return false }
        saidAt = now
        return true
    }

    private func log(
        _ level: Logger.Level, _ message: Logger.Message, _ line: StreamLine,
        _ metadata: Logger.Metadata = [:]
    ) {
        let place: Logger.Metadata = [LogKey.stream: "\(line.stream)", LogKey.relay: "\(line.relay)"]
        logger.log(level: level, message, metadata: place.merging(metadata) { _, new in new })
    }
}

extension Dictionary where Key: RawRepresentable<String>, Value == Int {
    fileprivate var named: [String: Int] {
        Dictionary<String, Int>(uniqueKeysWithValues: map { ($0.key.rawValue, $0.value) })
    }
}
