// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
import Foundation
import Glibc

/// Everything that a relay has to bear, at once, beside clients that behave: what it costs them, and what it leaves behind.
///
/// The load generator plays a proxy that the relay trusts, so that every abuser has an address of his own and is barred or
/// slowed down by it, as he would be in the world.
struct AbuseBench {
    let binary: String
    let directory: String
    /// Of abuse; a fifth as long is calm before it.
    let seconds: Double
    /// Sorts of abuse; none for all.
    var only: [String] = []

    static let clients = 20

    /// - Returns: whether everything held that must.
    func run() throws -> Bool {
        let relay = try RunningRelay(
            binary, directory + "/abused", "[relay]\ntrusted_proxies = [\"127.0.0.1\"]\n")
        let memory = MemoryWatch(relay.process)
        Abuser.prepare()
        let stop = StopSign()
        let behaved = (0..<Self.clients).map { BehavedClient(number: $0, port: relay.port) }
        let group = DispatchGroup()
        for client in behaved {
            DispatchQueue(label: "client").async(group: group) { client.run(until: stop) }
        }
        let calmSeconds = min(60, max(5, seconds / 5))
        memory.watch(for: calmSeconds)
        let calm = take(behaved)
        let before = memory.now
        let abusers = abuse(relay.port, stop: stop.abuse, group)
        memory.watch(for: seconds)
        let stormy = take(behaved)
        let (middle, last) = (memory.median(0.4..<0.7), memory.median(0.7..<1))
        stop.abuse.raise()
        // What abusers left half open is given up by then.
        memory.watch(for: 15)
        stop.raise()
        group.wait()
        let after = memory.now
        let kept = try behaved.reduce(0) { try $0 + $1.kept() }
        let published = behaved.reduce(0) { $0 + $1.published }
        let failures = behaved.flatMap(\.failures)
        print("| what | calm | abused | must |\n| --- | --- | --- | --- |")
        let held = [
            line("EVENT to OK", calm.publish, stormy.publish), line("REQ to EOSE", calm.ask, stormy.ask),
            row(
                "memory before, and when the abusers have left, MB", before, after,
                "at most 16 more", after - before <= 16_000_000),
            row(
                "memory of the middle, and of the end of the abuse, MB", middle, last,
                "flat: at most a tenth and 16 more", Double(last) <= Double(middle) * 1.1 + 16e6),
            text("events said OK to, and kept", "\(published)", "\(kept)", "all", kept == published),
            text("well-behaved clients that failed", "", "\(failures.count)", "none", failures.isEmpty),
        ]
        for failure in failures.prefix(5) { print("\nfailed: \(failure)") }
        print("\n" + abusers.map { "\($0.name): \($0.count)" }.joined(separator: ", "))
        print("peak memory \(memory.peak / 1_000_000) MB")
        let code = relay.process.stop().code
        print("relay ended with \(code)")
        return held.allSatisfy { $0 } && code == 0
    }

    private func abuse(_ port: Int, stop: StopSign, _ group: DispatchGroup) -> [Abuser] {
        let abusers = Abuser.all(port: port).filter { only.isEmpty || only.contains($0.name) }
        for abuser in abusers {
            DispatchQueue(label: abuser.name).async(group: group) {
                while !stop.isUp { abuser.turn() }
                abuser.leave()
            }
        }
        return abusers
    }

    private func take(_ clients: [BehavedClient]) -> (publish: Latencies, ask: Latencies) {
        let spans = clients.map { $0.takeSpans() }
        return (Latencies(spans.flatMap(\.publish)), Latencies(spans.flatMap(\.ask)))
    }

    private func line(_ what: String, _ calm: Latencies, _ stormy: Latencies) -> Bool {
        let ratio = stormy.quantile(0.99) / max(calm.quantile(0.99), 1e-6)
        return text(
            "\(what), p50/p99, \(calm.count) and \(stormy.count) times", calm.description, stormy.description,
            String(format: "p99 within 3 ×: %.2f", ratio), ratio <= 3 && stormy.count > 0)
    }

    private func row(_ what: String, _ before: Int, _ after: Int, _ must: String, _ holds: Bool) -> Bool {
        text(what, "\(before / 1_000_000)", "\(after / 1_000_000)", must, holds)
    }

    private func text(_ what: String, _ calm: String, _ abused: String, _ must: String, _ holds: Bool) -> Bool
    {
        print("| \(what) | \(calm) | \(abused) | \(must)\(holds ? "" : " **MISSED**") |")
        return holds
    }
}

/// Says when to stop.
final class StopSign: @unchecked Sendable {
    // Guarded by `lock`.
    private let lock = NSLock()
    private var up = false
    /// For those who stop earlier.
    private(set) lazy var abuse = StopSign()

    init() {}

    var isUp: Bool { lock.withLock { up } }
    func raise() { lock.withLock { up = true } }
}

/// The anonymous memory of a process, ten times a second.
final class MemoryWatch {
    private let process: MeasuredProcess
    private var samples: [Int] = []
    private(set) var peak = 0

    init(_ process: MeasuredProcess) { self.process = process }

    var now: Int { process.memory().anonymous }

    /// Forgets what it saw before.
    func watch(for seconds: Double) {
        samples = []
        let end = Clock.now + seconds
        while Clock.now < end {
            samples.append(now)
            peak = max(peak, samples.last ?? 0)
            usleep(100_000)
        }
    }

    /// Of a part of the time that was watched last.
    func median(_ part: Range<Double>) -> Int {
        let count = Double(samples.count)
        let sorted = samples[Int(count * part.lowerBound)..<Int(count * part.upperBound)].sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}
