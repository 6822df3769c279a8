// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation

/// A ``BareServer`` in a process of its own.
struct Bare {
    let port: Int
    let process: MeasuredProcess

    /// - Parameter answers: file of what a relay answered.
    init(answers: String? = nil, log: String) throws {
        port = try LoopbackSocket.freePort()
        process = try MeasuredProcess(
            "/proc/self/exe", ["bare", "\(port)"] + (answers.map { [$0] } ?? []), log: log)
        let patience = Clock.now + 30
        while (try? LoadConnection(port: port, holding: 1 << 10)) == nil {
            guard Clock.now < patience else { throw MeasuredProcess.Failed(description: "see \(log)") }
            usleep(10_000)
        }
    }

    func stop() { _ = process.stop() }
}
