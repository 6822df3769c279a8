// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CSpawn
import Glibc

/// One process with three pipes. Confined to the thread that polls them; closes them when it goes.
final class PluginProcess {
    let pid: pid_t
    /// Ours to write; its standard input.
    let input: Int32
    let output: Int32
    let errors: Int32
    private var isReaped = false

    /// Starts `command` in a process group of its own, with nothing of ours open.
    ///
    /// - Throws: the system's error.
    init(command: String) throws(SystemFailure) {
        var ends: [Int32] = []
        var failed = true
        defer { if failed { for end in ends { _ = close(end) } } }
        for _ in 0..<3 {
            ends += try Self.pipe()
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Away from the numbers they go to, so that none overwrites another.
        for (from, to) in [(ends[0], Int32(0)), (ends[3], 1), (ends[5], 2)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        // Else a plugin that outlives us would hold the data directory's lock and our sockets.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = ["/bin/sh", "-c", command].map { (word: String) in
            strdup(word)
        }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var variables = Self.variables()
        let code = posix_spawn(&pid, "/bin/sh", &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw SystemFailure("posix_spawn", code) }
        self.pid = pid
        (input, output, errors) = (ends[1], ends[2], ends[4])
        for end in [ends[0], ends[3], ends[5]] { _ = close(end) }
        for end in [input, output, errors] { _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK) }
        failed = false
    }

    /// Our environment without our own settings, which may be secrets; ends with `nil`.
    private static func variables() -> [UnsafeMutablePointer<CChar>?] {
        var variables: [UnsafeMutablePointer<CChar>?] = []
        var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
        while let variable = next.pointee {
            if strncmp(variable, "ROOKERY_", 8) != 0 { variables.append(variable) }
            next += 1
        }
        return variables + [nil]
    }

    /// Both ends of a pipe that no child inherits.
    static func pipe() throws(SystemFailure) -> [Int32] {
        var pair: [Int32] = [0, 0]
        guard Glibc.pipe(&pair) == 0 else { throw SystemFailure("pipe", errno) }
        for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return pair
    }

    deinit {
        for end in [input, output, errors] { _ = close(end) }
    }

    /// Signals it and everything it started.
    func signal(_ number: Int32) { if !isReaped { _ = kill(-pid, number) } }

    /// Whether it has ended; then it leaves nothing behind.
    func reap() -> Bool {
        if isReaped { return true }
        var status: Int32 = 0
        isReaped = waitpid(pid, &status, WNOHANG) != 0
        return isReaped
    }
}

/// What the system refused.
struct SystemFailure: Error, CustomStringConvertible {
    let description: String

    init(_ call: String, _ code: Int32) {
        description = "\(call): \(String(cString: strerror(code)))"
    }
}
