// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore

/// Tells what happens to the plugin, so much of it in ten seconds: a log is not to be filled by a script.
struct PluginVoice {
    private let tell: @Sendable (PluginNews) -> Void
    private let lines: Int
    private var told = 0
    private var leftOut = 0
    private var start = Uptime.zero

    init(lines: Int, _ tell: @escaping @Sendable (PluginNews) -> Void) {
        self.lines = lines
        self.tell = tell
    }

    mutating func tell(_ news: PluginNews, at now: Uptime) {
        breathe(at: now)
        guard told < lines else {
            leftOut += 1
            return
        }
        told += 1
        tell(news)
    }

    /// Time passes.
    mutating func breathe(at now: Uptime) {
        guard now - start >= .seconds(10) else { return }
        if leftOut > 0 { tell(.leftOut(lines: leftOut)) }
        (start, told, leftOut) = (now, 0, 0)
    }

    /// A stranger's line without what would spoil a log.
    static func plain(_ line: some Collection<UInt8>) -> String {
        String(
            String(decoding: line, as: UTF8.self).unicodeScalars.map { scalar in
                scalar.value < 32 || scalar.value == 127 ? " " : Character(scalar)
            })
    }
}

/// When the plugin's script was last changed; only of a command that is a path alone.
struct PluginScript {
    private var seen: (command: String, seconds: Int, nanoseconds: Int)?

    /// Whether it is another one than at the last look.
    mutating func hasChanged(_ command: String) -> Bool {
        guard !command.contains(" ") else { return false }
        var status = stat()
        guard stat(command, &status) == 0 else { return false }
        let found = (command, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        defer { seen = found }
        return seen.map { $0 != found } ?? false
    }
}
