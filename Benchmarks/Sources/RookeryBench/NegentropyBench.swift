// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Brings two stores in step with `rookery sync` (NIP-77): 500 events are here alone, 500 there alone, all others in both.
struct NegentropyBench {
    let binary: String
    let directory: String
    let count: Int
    private let alone = 500

    func run() throws {
        let events = lasting()
        let here = try filled("here", events.dropLast(alone))
        let there = try filled("there", events[..<(events.count - 2 * alone)] + events.suffix(alone))
        var (walls, searches): ([Double], [Double]) = ([], [])
        for _ in 0..<3 {
            let relay = try serving(copyOf: there)
            searches.append(try sync(copy(here), relay, "--dry-run").seconds)
            walls.append(try sync(copy(here), relay).seconds)
            _ = relay.process.stop()
        }
        let size = "\(events.count - alone) each, \(alone) only here and \(alone) only there"
        Row(
            "finding the difference: \(size)", time(searches), "`rookery sync --dry-run`, the process and all"
        ).show()
        Row("bringing them in step, those events included", time(walls), "runs: \(all(walls)); below 0.4 s")
            .show()
        for compresses in [false, true] { try counting(here, there, compresses) }
        try pulling(there, events.count - alone)
        try holding(there)
        try storming()
    }

    // MARK: What is measured

    /// What goes over the wire, and what it costs when nothing differs.
    private func counting(_ here: String, _ there: String, _ compresses: Bool) throws {
        let relay = try serving(copyOf: there, "[relay]\ncompression = \(compresses)\n")
        defer { _ = relay.process.stop() }
        let own = try copy(here)
        let first = try counted(relay) { try sync(own, relay, through: $0, "--compress") }.bytes
        Row(
            "bytes on the wire, \(compresses ? "compressed" : "plain")",
            String(format: "%.2f MB", Double(first.up + first.down) / 1e6),
            "\(first.up) up, \(first.down) down; below \(compresses ? 1.0 : 1.5) MB"
        ).show()
        let second = try counted(relay) { try sync(own, relay, through: $0, "--compress") }
        let bytes = second.bytes
        Row(
            "the same again, in step", "\(bytes.up + bytes.down) bytes",
            "\(second.rounds) round, \(bytes.up) up, \(bytes.down) down; below 1,000; before it \(bytes.before) for NIP-11 and the handshake"
        ).show()
    }

    private func pulling(_ there: String, _ expected: Int) throws {
        let relay = try serving(copyOf: there)
        defer { _ = relay.process.stop() }
        let empty = directory + "/empty"
        try? FileManager.default.removeItem(atPath: empty)
        let pull = try sync(empty, relay, "--dir", "down")
        Row(
            "first pull of \(expected) events into an empty store",
            String(format: "%.0f events/s", Double(expected) / pull.seconds),
            String(format: "%.2f s, %.2f s of processor; at least 20,000", pull.seconds, pull.processor)
        ).show()
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
        Row(
            "memory of a session over everything", String(format: "%.1f KB", Double(grown) / 64 / 1e3),
            String(format: "64 of them; %.0f bytes of each are its set; below 64 KB", held / 64)
        ).show()
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
        func ratio(_ value: (MeasuredProcess.Cost) -> Double) -> Double {
            kept.map(value).sorted()[1] / plain.map(value).sorted()[1]
        }
        Row(
            "import with sums kept ÷ without", String(format: "**%.3f**", ratio(\.seconds)),
            String(
                format: "of time; %.3f of processor time; medians of three; below 1.1",
                ratio(\.processorSeconds))
        ).show()
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

    private func time(_ seconds: [Double]) -> String { String(format: "**%.2f s**", seconds.sorted()[1]) }

    private func all(_ seconds: [Double]) -> String {
        seconds.map { String(format: "%.2f", $0) }.joined(separator: ", ")
    }
}
