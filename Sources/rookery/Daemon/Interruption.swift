// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc
import Synchronization

/// Whether somebody asked a tool to end (SIGINT, SIGTERM): it ends after the step at hand, takes away what is not whole
/// and tells what it did. Asked again, it ends at once.
enum Interruption {
    private static let asked = Atomic<Bool>(false)
    /// Of a shell's, for what SIGINT ended.
    private static let exitCode: Int32 = 130

    /// What was begun was taken away again.
    static let nothingDone = CommandFailure("interrupted; nothing was made")

    static var isAsked: Bool { asked.load(ordering: .relaxed) }

    /// Heeds the signals from now on.
    static func heed() {
        // Made before a handler needs it.
        asked.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                Interruption.asked.store(true, ordering: .relaxed)
                Glibc.signal(number, SIG_DFL)
            }
            sigaction(number, &action, nil)
        }
    }

    /// - Throws: when it was asked for, having said so: what was told before is what was done.
    static func leave() throws {
        guard isAsked else { return }
        Console.complain("rookery: interrupted; what is told was done")
        throw ExitCode(exitCode)
    }
}
