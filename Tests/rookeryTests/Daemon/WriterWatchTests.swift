// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOConcurrencyHelpers
import Telemetry
import Testing

@testable import rookery

@Suite struct WriterWatchTests {
    @Test func `a writer that fails, and one that writes again, are a line each`() {
        let health = NIOLockedValueBox(IngestHealth.sound)
        let lines = NIOLockedValueBox<[String]>([])
        let output = LogOutput(level: .info, format: .json, clock: { 0 }) { bytes in
            lines.withLockedValue { $0.append(String(decoding: bytes, as: UTF8.self)) }
        }
        let watch = WriterWatch(
            health: { health.withLockedValue { $0 } }, logger: output.logger("store"))
        var standing = watch.initial
        var told: [Bool] = []
        for now: IngestHealth in [.sound, .failing("disk full"), .failing("disk full"), .sound, .closed] {
            health.withLockedValue { $0 = now }
            told.append(watch.look(&standing))
        }
        #expect(told == [false, true, false, true, false])
        let written = lines.withLockedValue { $0 }
        #expect(written.count == 2)
        #expect(written.first?.contains(#""level":"error""#) == true)
        #expect(written.first?.contains("disk full") == true)
    }
}
