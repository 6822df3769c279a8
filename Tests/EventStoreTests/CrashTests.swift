// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import StoreWorlds
import TestSupport
import Testing

@testable import EventStore

/// A writer that is killed in the middle of a storm, in a process of its own.
@Suite struct CrashTests {
    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
    func `everything acknowledged before a kill is there after it, and the store is sound`(seed: UInt64)
        async throws
    {
        let directory = try TemporaryDirectory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, seed = seed as UInt64] in
            try CrashStorm.run(path, seed: seed)
        }
        let acknowledged = try directory.read("acknowledged").split(separator: "\n").map(String.init)
        let opened = try EventStore.open(CrashStorm.options(path))
        let store = opened.store
        #expect(acknowledged.count > 0, "seed \(seed)")
        for hex in acknowledged {
            let id = try #require(EventID(hex: hex))
            #expect(try store.contains(id), "seed \(seed)")
        }
        let report = try store.check()
        #expect(report.faults == [] && report.isComplete, "seed \(seed)")
        var writer = opened.takeWriter()
        let event = Event.unsigned(1, at: 1, [], "after")
        let (outcome, _) = try writer.transaction(now: Timestamp(9)) { writer throws(StoreError) in
            try writer.put(event)
        }
        #expect(outcome == .stored)
        // Whoever was vanishing stays out of sight, and the rest of the steps can be taken.
        let gone = Filter(authors: [TestAuthor.key(CrashStorm.vanishing)], kinds: [1])
        let before = try store.count([gone], now: Timestamp(1000))
        while try writer.transaction(
            now: Timestamp(1000),
            { writer throws(StoreError) in
                try writer.sweepVanished(limit: 50)
            }
        ).0 {}
        #expect(try store.count([gone], now: Timestamp(1000)) == before, "seed \(seed)")
        #expect(try store.check().faults == [], "seed \(seed)")
    }
}

/// What the process does that is going to be killed.
enum CrashStorm {
    /// An author whose notes come and vanish again.
    static let vanishing = 9

    static func options(_ path: String) -> StoreOptions {
        StoreOptions(path: path + "/store", mapSize: 1 << 30, durability: .sync)
    }

    /// Writes for ever, and every id to a file once its commit has returned; a thread kills it some day.
    static func run(_ path: String, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let opened = try EventStore.open(options(path))
        var writer = opened.takeWriter()
        let log = open(path + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        let microseconds = UInt32.random(in: 30_000...250_000, using: &random)
        var number: Int64 = 0
        var isArmed = false
        while true {
            let events = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                number += 1
                return Event.unsigned(
                    number % 7 == 0 ? 0 : 1, at: 1000 + number, by: Int(number % 5),
                    [["t", TagValue("\(number % 11)")], ["e", TagValue("\(number / 3)")]])
            }
            let now = Timestamp(1000)
            let number = number
            let (_, commit) = try writer.transaction(now: now) { writer throws(StoreError) in
                for event in events { _ = try writer.put(event) }
                for place in 0..<9 {
                    _ = try writer.put(
                        .unsigned(1, at: 1000 + number, by: vanishing, [], "\(number) \(place)"))
                }
                if number % 5 == 0 {
                    try writer.vanish(TestAuthor.key(vanishing), upTo: Timestamp(1000 + number))
                }
                _ = try writer.sweepVanished(limit: 4)
            }
            // Profiles are replaced sooner or later; notes stay.
            let stored =
                commit?.stored.filter { $0.kind == 1 && $0.pubkey != TestAuthor.key(vanishing) } ?? []
            let lines = Array(stored.map { "\($0.id.hex)\n" }.joined().utf8)
            _ = lines.withUnsafeBytes { write(log, $0.baseAddress, $0.count) }
            if !isArmed {
                isArmed = true
                Thread.detachNewThread {
                    usleep(microseconds)
                    kill(getpid(), SIGKILL)
                }
            }
        }
    }
}
