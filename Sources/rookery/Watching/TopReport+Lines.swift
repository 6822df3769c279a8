// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import SyncPlanner

// For people.
extension TopReport {
    /// Upstream relays and slow queries that are shown at most.
    static let (upstreamsShown, slowShown) = (10, 8)

    /// A screen: `now` in seconds since 1970.
    func lines(at now: Int64, width: Int) -> [String] {
        let relay = status.relay
        var lines = [
            "rookery \(status.version)  up \(DaemonStatus.span(status.uptime))  \(status.health)  "
                + "ws://\(status.listen)  memory \(DaemonStatus.size(memory))  "
                + "processors \(Self.number(rates.processors))",
            "",
            "clients   \(relay.connections) connected (+\(Self.number(rates.connections))/s), "
                + "\(relay.subscriptions) subscriptions, \(waitingReads) readings wait, "
                + "\(DaemonStatus.size(outboundBytes)) to be sent",
            "traffic   in \(Self.bytes(rates.receivedBytes))/s, out \(Self.bytes(rates.sentBytes))/s, "
                + "\(Self.number(rates.sentEvents)) events/s sent, \(Self.number(rates.fanOut))/s of them live",
            "requests  \(Self.number(rates.requests)) REQ/s, \(Self.number(rates.counts)) COUNT/s"
                + Self.time(", to EOSE", times.query),
            "events    \(Self.number(rates.events))/s judged, \(Self.number(rates.stored))/s stored, "
                + "\(Self.number(rates.signatures)) signatures/s, \(status.ingest.queued) waiting, "
                + "\(status.ingest.held) held" + Self.time(", to the verdict", times.ingest),
            "store     \(Numbers.grouped(status.store.events)) events, "
                + "\(DaemonStatus.size(status.store.usedBytes)), commit \(status.store.commit) "
                + "(+\(Self.number(rates.commits))/s)" + Self.time(", a commit", times.commit)
                + Self.time(", fan-out", times.fanOut),
        ]
        if let sync = status.sync {
            lines.append(
                "upstream  \(sync.relaysConnected) of \(sync.relaysTracked) relays connected, "
                    + "\(sync.repositories) repositories, \(Self.number(rates.gathered)) events/s gathered, "
                    + "history \(sync.history)")
            lines += sync.relays.prefix(Self.upstreamsShown).map { "  \($0.line)" }
        }
        if !slow.isEmpty {
            lines += ["", "slow queries"]
            lines += slow.prefix(Self.slowShown).map { query in
                "  \(DaemonStatus.span(Int(max(0, now - query.at)))) ago  \(query.milliseconds) ms  "
                    + "\(Numbers.grouped(query.work)) work  \(Numbers.grouped(query.events)) events  "
                    + query.filters
            }
        }
        return lines.map { UpstreamWords.printable(String($0.prefix(width))) }
    }

    /// One line, for a log.
    var line: String {
        "\(status.relay.connections) clients, \(Self.number(rates.requests)) REQ/s, "
            + "\(Self.number(rates.stored)) events/s stored, \(Self.number(rates.sentEvents)) events/s sent, "
            + "in \(Self.bytes(rates.receivedBytes))/s, out \(Self.bytes(rates.sentBytes))/s, "
            + "memory \(DaemonStatus.size(memory)), \(slow.count) slow queries, \(status.health)"
    }

    private static func number(_ number: Double) -> String {
        number >= 100 ? Numbers.grouped(Int(number)) : ConfigValue.spelt((number * 10).rounded() / 10)
    }

    private static func bytes(_ number: Double) -> String { DaemonStatus.size(Int(number)) }

    private static func time(_ what: String, _ milliseconds: Double?) -> String {
        milliseconds.map { "\(what) \(ConfigValue.spelt($0)) ms" } ?? ""
    }
}
