// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Dispatch
import Foundation
import Logging
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestSupport
import Testing

@testable import rookery

@Suite struct ServiceManagerTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func manager(_ variables: [String: String], process: Int32 = 7) -> ServiceManager {
        ServiceManager(process: process, logger: Self.logger) { variables[$0] }
    }

    @Test func `it is told what sd_notify would tell`() {
        #expect(NotifyMessage.ready(status: "listening on a:1").text == "READY=1\nSTATUS=listening on a:1")
        #expect(NotifyMessage.reloading(since: 5).text == "RELOADING=1\nMONOTONIC_USEC=5")
        #expect(NotifyMessage.reloaded.text == "READY=1")
        #expect(NotifyMessage.stopping.text == "STOPPING=1")
        #expect(NotifyMessage.alive.text == "WATCHDOG=1")
    }

    @Test(arguments: [true, false])
    func `each message is a datagram at a path, or under a name that is no file`(isFile: Bool) throws {
        let directory = try TemporaryDirectory()
        let place = isFile ? directory.file("notify") : "@\(directory.path)"
        let receiver = try NotifyReceiver(place)
        let manager = manager(["NOTIFY_SOCKET": place])
        manager.tell(.stopping)
        manager.tell(.alive)
        #expect([receiver.next(), receiver.next(), receiver.next()] == ["STOPPING=1", "WATCHDOG=1", nil])
    }

    @Test func `a reload is told from its beginning to its end, even one that fails`() throws {
        let directory = try TemporaryDirectory()
        let receiver = try NotifyReceiver(directory.file("notify"))
        let manager = manager(["NOTIFY_SOCKET": directory.file("notify")])
        let good = manager.telling { () throws(ConfigError) in
            #expect(receiver.next()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
            return ["done"]
        }
        #expect(try good() == ["done"])
        #expect(receiver.next() == "READY=1")
        let bad = manager.telling { () throws(ConfigError) in throw ConfigError("no") }
        #expect(throws: ConfigError.self) { try bad() }
        #expect([receiver.next() != nil, receiver.next() == "READY=1"] == [true, true])
    }

    @Test(arguments: ["", "relative", "/", "@", "vsock:2:1", "/" + String(repeating: "x", count: 107)])
    func `what is no socket is told nothing`(place: String) {
        let manager = manager(["NOTIFY_SOCKET": place, "WATCHDOG_USEC": "1000000"])
        manager.tell(.alive)
        #expect(manager.silence == nil)
    }

    @Test(
        arguments: [
            ([:], nil), (["WATCHDOG_USEC": "3000000"], .seconds(3)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"], .seconds(3)),
            (["WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "0"], nil),
            (["WATCHDOG_USEC": "-1"], nil), (["WATCHDOG_USEC": "soon"], nil),
        ] as [([String: String], Duration?)])
    func `silence is watched where this process is`(variables: [String: String], silence: Duration?) {
        let all = variables.merging(["NOTIFY_SOCKET": "/nowhere"]) { $1 }
        #expect(manager(all).silence == silence)
        #expect(manager(variables).silence == nil, "nobody to tell")
    }

    @Test func `it is told that the daemon lives as long as every event loop turns`() async throws {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let told = NIOLockedValueBox(0)
        let (pauses, paused) = AsyncStream.makeStream(of: Duration.self)
        let watchdog = WatchdogService(
            loops: Array(loops.makeIterator()), interval: WatchdogService.interval(silence: .seconds(60)),
            tell: { told.withLockedValue { $0 += 1 } },
            pause: { duration in
                paused.yield(duration)
                try await Task.sleep(for: .seconds(3600))
            })
        let (hangs, goesOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        watchdog.loops.last?.execute {
            hangs.signal()
            goesOn.wait()
        }
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                hangs.wait()
                continuation.resume()
            }
        }
        let group = ServiceGroup(services: [watchdog], logger: Self.logger)
        async let running: Void = group.run()
        try await watchdog.loops.first?.submit {}.get()
        #expect(told.withLockedValue { $0 } == 0, "one loop hangs")
        goesOn.signal()
        var ends = pauses.makeAsyncIterator()
        #expect(await ends.next() == .seconds(30))
        #expect(told.withLockedValue { $0 } == 1)
        await group.triggerGracefulShutdown()
        try await running
        try await loops.shutdownGracefully()
    }
}
