// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Brings two stores in step with `rookery sync` (NIP-77): 500 events are here alone, 500 there alone, all others in both.
struct NegentropyBench {
    let report: Report
    let binary: String
    let directory: String
    let count: Int
    private let alone = 500

    func run() throws {
        let events = lasting()
        let here = try filled("here", events.dropLast(alone))
        let there = try filled("there", events[..<(events.count - 2 * alone)] + events.suffix(alone))
        var (walls, searches): ([Double], [Double]) = ([], [])
        for _ in 0..<report.rounds {
            let relay = try serving(copyOf: there)
            searches.append(try sync(copy(here), relay, "--dry-run").seconds)
            walls.append(try sync(copy(here), relay).seconds)
            _ = relay.process.stop()
        }
        let size = "\(events.count - alone) each, \(alone) only here and \(alone) only there"
        try report.add(
            Row("negentropy-find", "finding the difference: \(size)", searches, "s")
                .note("`rookery sync --dry-run`, the process and all"))
        try report.add(
            Row("negentropy-sync", "bringing these sets in step, events included", walls, "s").aim(
                atMost: 0.4))
        for compresses in [false, true] { try counting(here, there, compresses) }
        try pulling(there, Array(events.dropFirst(alone)))
        try holding(there)
        if !report.isQuick { try storming() }
    }

    // MARK: What is measured

    /// What goes over the wire, and what it costs when nothing differs.
    private func counting(_ here: String, _ there: String, _ compresses: Bool) throws {
        let relay = try serving(copyOf: there, "[relay]\ncompression = \(compresses)\n")
        defer { _ = relay.process.stop() }
        let own = try copy(here)
        let first = try counted(relay) { try sync(own, relay, through: $0, "--compress") }.bytes
        let name = "negentropy-bytes" + (compresses ? "-compressed" : "")
        let (most, way) = (compresses ? 1.0 : 1.5, compresses ? "compressed" : "plain")
        try report.add(
            Row(name, "bytes of bringing them in step, \(way)", Double(first.up + first.down) / 1e6, "MB")
                .aim(atMost: most).note("\(first.up) up, \(first.down) down"))
        let second = try counted(relay) { try sync(own, relay, through: $0, "--compress") }
        let bytes = second.bytes
        try report.add(
            Row("\(name)-again", "bytes when in step already, \(way)", Double(bytes.up + bytes.down), "bytes")
                .aim(atMost: 1000).note(
                    "\(second.rounds) round; before it \(bytes.before) for NIP-11 and the handshake"))
    }

    private func pulling(_ there: String, _ events: [Event]) throws {
        let (expected, verify) = (
            events.count, VerifyFloor(events.suffix(5_000)).measure(seconds: report.seconds)
        )
        let relay = try serving(copyOf: there)
        defer { _ = relay.process.stop() }
        let empty = directory + "/empty"
        try? FileManager.default.removeItem(atPath: empty)
        let pull = try sync(empty, relay, "--dir", "down")
        var row = Row(
            "negentropy-pull", "first pull of \(expected) events into an empty store",
            Double(expected) / pull.seconds, "/s"
        ).floor("verify, 2 threads", [verify]).aim(atLeast: 20_000)
        row.relayCost = pull.processor / Double(expected) * 1e6
        try report.add(row)
    }

    /// Sessions that are open and rest.
    private func holding(_ there: String) throws {
        let relay = try serving(copyOf: there)
        defer { _ = relay.process.stop() }
        let connections = try (0..<64).map { _ in try LoadConnection(port: relay.port, holding: 4096) }
        usleep(500_000)
        let before = relay.process.memory().anonymous
        // Everything, as a set of nothing would ask.
        for connection in connections {
            try connection.write(LoadConnection.frame(#"["NEG-OPEN","n",{},"6100000200"]"#))
            _ = try connection.next()
        }
        let held = relay.metrics["rookery_negentropy_held_bytes"] ?? 0
        let grown = relay.process.memory().anonymous - before
        try report.add(
            Row(
                "negentropy-session", "memory of a reconciliation over everything", Double(grown) / 64 / 1e3,
                "KB"
            )
            .aim(atMost: 64).note(String(format: "64 of them; %.0f bytes of each are its set", held / 64))
        )
    }

    /// Imports with sums kept and without, in turn.
    private func storming() throws {
        let file = directory + "/here.jsonl"
        var (kept, plain): ([MeasuredProcess.Cost], [MeasuredProcess.Cost]) = ([], [])
        for _ in 0..<3 {
            plain.append(
                try storm(
                    file, "--set", "store.negentropy_trees=[]", "--set",
                    "store.negentropy_by_address=false"))
            kept.append(try storm(file))
        }
        let ratios = zip(kept, plain).map { $0.seconds / $1.seconds }
        try report.add(
            Row("negentropy-import", "import with sums kept ÷ without, of time", ratios, "×").aim(atMost: 1.1)
        )
    }

    private func storm(_ file: String, _ flags: String...) throws -> MeasuredProcess.Cost {
        let data = directory + "/storm"
        try? FileManager.default.removeItem(atPath: data)
        return try MeasuredProcess(
            binary, ["import", file, "--data-dir", data] + flags, log: data + ".log"
        ).wait()
    }

    // MARK: How

    private struct Outcome {
        var seconds = 0.0
        var processor = 0.0
        var rounds = 0
        var bytes = CountingProxy.Counts()
    }

    private func sync(
        _ data: String, _ relay: RunningRelay, through port: Int? = nil, _ flags: String...
    ) throws -> Outcome {
        let log = data + ".sync.log"
        let cost = try MeasuredProcess(
            binary, ["sync", "ws://127.0.0.1:\(port ?? relay.port)", "--data-dir", data, "--json"] + flags,
            log: log
        ).wait()
        let text = try String(contentsOfFile: log, encoding: .utf8)
        guard cost.code == 0 || flags.contains("--dry-run") else {
            throw MeasuredProcess.Failed(description: "rookery sync: \(text)")
        }
        let rounds = text.split(separator: #""rounds":"#).dropFirst().first?.prefix { $0.isNumber } ?? ""
        return Outcome(
            seconds: cost.seconds, processor: cost.processorSeconds, rounds: Int(rounds) ?? 0)
    }

    private func counted(_ relay: RunningRelay, _ body: (Int) throws -> Outcome) throws -> Outcome {
        let proxy = try CountingProxy(to: relay.port)
        var outcome = try body(proxy.port)
        outcome.bytes = proxy.finish()
        return outcome
    }

    /// Events that replace, delete and expire nothing: what is imported is what is there.
    private func lasting() -> [Event] {
        var events: [Event] = []
        let wanted = count + alone
        MixedEvents().make(wanted * 4 / 3) { block in
            events += block.filter { event in
                !event.kind.isReplaceable && !event.kind.isAddressable && event.kind != 5
            }
        }
        return Array(events.prefix(wanted))
    }

    private func filled(_ name: String, _ events: some Sequence<Event>) throws -> String {
        let (file, data) = ("\(directory)/\(name).jsonl", "\(directory)/\(name)")
        var lines: [UInt8] = []
        for event in events { lines += event.json + [UInt8(ascii: "\n")] }
        try Data(lines).write(to: URL(fileURLWithPath: file))
        try? FileManager.default.removeItem(atPath: data)
        let cost = try MeasuredProcess(
            binary, ["import", file, "--data-dir", data], log: data + ".import.log"
        ).wait()
        guard cost.code == 0 else { throw MeasuredProcess.Failed(description: "see \(data).import.log") }
        return data
    }

    private func copy(_ data: String) throws -> String {
        let copy = data + ".copy"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        return copy
    }

    private func serving(copyOf data: String, _ more: String = "") throws -> RunningRelay {
        try RunningRelay(binary, copy(data), "[sync]\nenabled = false\n" + more)
    }
}
