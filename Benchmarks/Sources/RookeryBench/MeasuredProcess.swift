// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc

/// A program run for its figures: time, processor time, and its peak of anonymous memory.
final class MeasuredProcess {
    /// What it took.
    struct Cost {
        var seconds = 0.0
        var processorSeconds = 0.0
        /// **Bytes** of `RssAnon` at its highest, sampled every 10 ms.
        var peakAnonymous = 0
        /// **Bytes** of `RssFile` at its highest: the map of the store, which the kernel may take back.
        var peakFile = 0
        var code: Int32 = 0
    }

    /// It could not be started, or ended badly.
    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    let pid: pid_t
    private let started = Clock.now

    /// Starts `executable`; its log goes to `log`.
    init(_ executable: String, _ arguments: [String], log: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Threads of Dispatch hold signals back, and what they start would for ever.
        var (attributes, nothing) = (posix_spawnattr_t(), sigset_t())
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        sigemptyset(&nothing)
        posix_spawnattr_setsigmask(&attributes, &nothing)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var argv = ([executable] + arguments).map { strdup($0) } + [nil]
        defer { for text in argv { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, &argv, environ)
        guard code == 0 else {
            throw Failed(description: "\(executable): \(String(cString: strerror(code)))")
        }
        self.pid = pid
    }

    /// Samples its memory until it ends.
    func wait() -> Cost {
        var cost = Cost()
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, WNOHANG, &usage) == 0 {
            sample(into: &cost)
            usleep(10_000)
        }
        cost.seconds = Clock.now - started
        cost.processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        cost.code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
        return cost
    }

    /// Whether it ended by itself.
    var hasEnded: Bool {
        ((try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ") Z").contains(") Z")
    }

    /// Waits until it ends, without looking at it meanwhile.
    func end() -> Int32 {
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status
    }

    /// Stops it in order.
    func stop() -> Cost {
        kill(pid, SIGTERM)
        return wait()
    }

    /// Anonymous and file-backed resident memory now, in **bytes**.
    func memory() -> (anonymous: Int, file: Int) {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        func field(_ name: String) -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
            return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
        }
        return (field("RssAnon:"), field("RssFile:"))
    }

    /// Time on processors so far, in **seconds**, to the nanosecond.
    func processorSeconds() -> Double {
        var (clock, time) = (clockid_t(), timespec())
        guard clock_getcpuclockid(pid, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private func sample(into cost: inout Cost) {
        let (anonymous, file) = memory()
        if anonymous > cost.peakAnonymous { cost.peakAnonymous = anonymous }
        if file > cost.peakFile { cost.peakFile = file }
    }

    private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}
