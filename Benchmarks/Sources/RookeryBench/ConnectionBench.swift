// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// Connections: how fast they are taken, and what each takes of the relay's memory while it rests.
struct ConnectionBench {
    let report: Report
    let binary: String
    let directory: String
    let connections: Int

    func run() throws {
        if report.wants("connect") { try opening() }
        for isSubscribed in [false, true] where report.wants(isSubscribed ? "idle-subscribed" : "idle") {
            try resting(isSubscribed)
        }
    }

    private func opening() throws {
        let relay = try relay("connect")
        defer { _ = relay.process.stop() }
        let bare = try Bare(log: directory + "/bare.log")
        defer { bare.stop() }
        var (loads, floors): ([Load], [Load]) = ([], [])
        for _ in 0..<report.rounds {
            floors.append(try open(port: bare.port, bare.process))
            loads.append(try open(port: relay.port, relay.process))
        }
        var row = Row(
            "connect", "connections opened, one after the other, handshake and all", loads.map(\.rate), "/s"
        )
        .floor("a server that does nothing", floors.map(\.rate)).cost(loads)
        (row.p50, row.p99) = (nil, nil)
        try report.add(row)
    }

    private func open(port: Int, _ process: MeasuredProcess) throws -> Load {
        var (load, open) = (Load(), [LoadConnection]())
        load.operations = min(2_000, connections)
        load.effort = try Effort(of: process) {
            for _ in 0..<load.operations { open.append(try LoadConnection(port: port, holding: 512)) }
        }
        return withExtendedLifetime(open) { load }
    }

    private func resting(_ isSubscribed: Bool) throws {
        let name = isSubscribed ? "idle-subscribed" : "idle"
        let relay = try relay(name)
        defer { kill(relay.process.pid, SIGKILL); _ = relay.process.wait() }
        // What is there once, whoever comes, is there before the first is counted.
        let first = try rest(200, port: relay.port, isSubscribed: isSubscribed)
        usleep(500_000)
        let before = relay.process.memory().anonymous
        let resting = try rest(connections, port: relay.port, isSubscribed: isSubscribed)
        usleep(500_000)
        let each = Double(relay.process.memory().anonymous - before) / Double(connections)
        let what = isSubscribed ? "an idle connection with a subscription" : "an idle connection"
        try report.add(
            Row(name, "anonymous memory of \(what)", each / 1024, "KB").aim(atMost: 6)
                .note("\(connections) beside \(first.count)"))
        withExtendedLifetime((first, resting)) {}
    }

    private func relay(_ name: String) throws -> RunningRelay {
        try RunningRelay(binary, "\(directory)/\(name)", "log_level = \"error\"\n")
    }

    private func rest(_ count: Int, port: Int, isSubscribed: Bool) throws -> [LoadConnection] {
        var rng = SeededGenerator(seed: 6)
        return try (0..<count).map { number in
            let connection = try LoadConnection(port: port, holding: 1 << 10)
            guard isSubscribed else { return connection }
            let author = (0..<4).map { _ in
                let digits = String(UInt64.random(in: .min ... .max, using: &rng), radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
            let filter = #"{"authors":["\#(author)"],"kinds":[1],"limit":10}"#
            try connection.write(LoadConnection.frame(#"["REQ","home-\#(number)",\#(filter)]"#))
            while try connection.next() != .endOfStored {}
            return connection
        }
    }
}
