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
        let relay = try Suite.relay(binary, directory + "/rookery")
        return Contender(name: "rookery", port: relay.port, process: relay.process)
    }

    static func rustNostr(inMemory: Bool) -> (_ directory: String) throws -> Contender {
        { directory in
            try python(
                inMemory ? "rust-nostr, in memory" : "rust-nostr, LMDB", "rust-nostr.py",
                inMemory ? [] : [directory + "/lmdb"], directory)
        }
    }

    static func nostrRelay(_ directory: String) throws -> Contender {
        try python("nostr-relay", "nostr-relay.py", [directory + "/nostr-relay"], directory)
    }

    /// One of the scripts beside this package, which take a port and a directory.
    private static func python(
        _ name: String, _ script: String, _ arguments: [String], _ directory: String
    ) throws -> Contender {
        let port = try LoopbackSocket.freePort()
        let log = "\(directory)/\(name).log"
        let python = try ProcessInfo.processInfo.environment["ROOKERY_BENCH_PYTHON"] ?? Python.path()
        let process = try MeasuredProcess(
            python, ["\(Python.packageDirectory)/Benchmarks/\(script)", "\(port)"] + arguments, log: log)
        let patience = Clock.now + 30
        while (try? LoadConnection(port: port, holding: 512)) == nil {
            guard Clock.now < patience, !process.hasEnded else {
                _ = process.stop()
                throw MeasuredProcess.Failed(description: "\(name): see \(log)")
            }
            usleep(50_000)
        }
        return Contender(name: name, port: port, process: process)
    }
}
