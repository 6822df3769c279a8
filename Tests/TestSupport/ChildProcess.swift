// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import NIOConcurrencyHelpers

/// A program started by a test, with its output captured; killed at the latest when the value goes away.
///
/// Signals go to its own process id only, and never after it was waited for.
public final class ChildProcess: Sendable {
    /// How a program ended.
    public enum Exit: Hashable, Sendable {
        case code(Int32)
        case signal(Int32)
    }

    /// Could not be started: the `errno`.
    public struct CannotStart: Error {
        /// The program's path.
        public let executable: String
        /// The `errno` of `posix_spawn`.
        public let code: Int32
    }

    /// Its process id.
    public let pid: Int32
    /// What it has written to its standard output.
    public let output: LineLog
    /// What it has written to its standard error.
    public let errors: LineLog

    private let exitBox: NIOLockedValueBox<Exit?>
    private let input: NIOLockedValueBox<Int32>

    /// Starts `executable`, a path, with this process's environment and `environment` over it.
    public init(_ executable: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws
    {
        let (pid, stdin, stdout, stderr) = try Self.spawning.withLock {
            let pipes = (try Pipe(), try Pipe(), try Pipe())
            let pid = try Self.spawn(executable, arguments, environment, pipes)
            for end in [pipes.0.reading, pipes.1.writing, pipes.2.writing] { Glibc.close(end) }
            return (pid, pipes.0, pipes.1, pipes.2)
        }
        self.pid = pid
        input = NIOLockedValueBox(stdin.writing)
        output = LineLog(reading: stdout.reading)
        errors = LineLog(reading: stderr.reading)
        exitBox = NIOLockedValueBox(nil)
        Self.reap(pid, into: exitBox)
    }

    deinit {
        signal(SIGKILL)
        closeInput()
    }

    /// How it ended; `nil` while it runs.
    public var exit: Exit? { exitBox.withLockedValue { $0 } }

    /// Sends `number` unless the program has ended.
    public func signal(_ number: Int32) {
        exitBox.withLockedValue { exit in
            if exit == nil { _ = Glibc.kill(pid, number) }
        }
    }

    /// Waits for the end.
    ///
    /// - Throws: ``TimedOut`` with the last lines of its log.
    @discardableResult
    public func waitForExit(within limit: Duration = .seconds(10)) async throws -> Exit {
        try await eventually("the end of process \(pid), which last said \(lastWords)", within: limit) {
            exit
        }
    }

    /// Kills it and waits until it is gone.
    public func kill() async throws {
        signal(SIGKILL)
        try await waitForExit()
    }

    /// Writes a line to its standard input.
    public func write(line: String) {
        let bytes = Array((line + "\n").utf8)
        input.withLockedValue { end in
            guard end >= 0 else { return }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { Glibc.write(end, $0.baseAddress, $0.count) }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// Ends its standard input.
    public func closeInput() {
        input.withLockedValue { end in
            if end >= 0 { Glibc.close(end) }
            end = -1
        }
    }

    /// The last few lines of both logs, for messages about failures.
    public var lastWords: String {
        (output.lines.suffix(5) + errors.lines.suffix(15)).joined(separator: "\n")
    }

    /// Waits in a thread of its own, so that nobody else's `waitpid` is disturbed.
    private static func reap(_ pid: Int32, into box: NIOLockedValueBox<Exit?>) {
        Thread.detachNewThread {
            var info = siginfo_t()
            // Without reaping: the id stays taken until the lock is held, so no signal can go astray.
            while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
            box.withLockedValue { exit in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
                let signal = status & 0x7F
                exit = signal == 0 ? .code((status >> 8) & 0xFF) : .signal(signal)
            }
        }
    }

    private static func spawn(
        _ executable: String, _ arguments: [String], _ environment: [String: String],
        _ pipes: (stdin: Pipe, stdout: Pipe, stderr: Pipe)
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, pipes.stdin.reading, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes.stdout.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, pipes.stderr.writing, 2)

        // A thread of a test runner may block signals, or ignore them; an operator's shell does not.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var argv = ([executable] + arguments).map { strdup($0) } + [nil]
        var envp = merged.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: Int32 = 0
        let code = posix_spawn(&pid, executable, &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw CannotStart(executable: executable, code: code) }
        return pid
    }

    /// One child at a time, so that none inherits a pipe between its making and its mark.
    private static let spawning = NIOLock()

    /// Two ends that no other child inherits.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() throws {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw CannotStart(executable: "pipe", code: errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            reading = ends[0]
            writing = ends[1]
        }
    }
}
