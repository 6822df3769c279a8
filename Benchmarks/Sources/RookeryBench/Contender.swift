// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import Glibc
import TestSupport

/// A relay that runs while it is compared.
struct Contender {
    let name: String
    let port: Int
    let process: MeasuredProcess

    static func rookery(_ binary: String, _ directory: String) throws -> Contender {
        let relay = try RunningRelay(
            binary, directory + "/rookery",
            """
            [relay.limits]
            max_limit = 1000000
            created_at_upper_limit = 0
            """)
        return Contender(name: "rookery", port: relay.port, process: relay.process)
    }

    /// - Parameter database: where it keeps its events; `nil` for in memory.
    static func rustNostr(_ directory: String, database: String?) throws -> Contender {
        let port = 18_800 + Int(getpid() % 1000) + (database == nil ? 0 : 1000)
        let script = "\(Python.packageDirectory)/Benchmarks/rust-nostr.py"
        let process = try MeasuredProcess(
            try Python.path(), [script, "\(port)"] + (database.map { ["\(directory)/\($0)"] } ?? []),
            log: "\(directory)/rust-nostr-\(port).log")
        let patience = Clock.now + 60
        while (try? LoadConnection(port: port)) == nil {
            guard Clock.now < patience else {
                throw MeasuredProcess.Failed(description: "see \(directory)/rust-nostr-\(port).log")
            }
            usleep(50_000)
        }
        return Contender(
            name: database == nil ? "rust-nostr, in memory" : "rust-nostr, LMDB", port: port, process: process
        )
    }
}
