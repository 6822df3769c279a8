// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Testing

@testable import rookery

@Suite struct DescriptorLimitTests {
    private static func fitted(_ descriptors: Int, _ change: (inout Settings) -> Void = { _ in }) -> Settings
    {
        var settings = Settings()
        change(&settings)
        settings.fit(into: descriptors, eventLoops: 2)
        return settings
    }

    @Test func `where everything fits nothing changes`() {
        let wanted = Settings().descriptors(eventLoops: 2)
        #expect(Self.fitted(wanted).relay.limits.maxConnections == 20_000)
        #expect(Self.fitted(wanted).relay.limits.refusalsAtOnce == 64)
        #expect(Self.fitted(1_000_000).relay.limits.maxConnections == 20_000)
    }

    @Test(arguments: [1, 50, 64, 100, 128, 256, 1024, 4096, 20_000])
    func `where few files may be open, clients get what the others leave`(descriptors: Int) {
        let limits = Self.fitted(descriptors).relay.limits
        #expect((1..<20_000).contains(limits.maxConnections))
        #expect(limits.refusalsAtOnce >= 1)
        let taken = limits.maxConnections + limits.refusalsAtOnce
        if descriptors >= 64 { #expect(taken + DescriptorLimits().files < descriptors) }
        let alone = Self.fitted(descriptors) { $0.sync.isEnabled = false }.relay.limits
        #expect(alone.maxConnections >= limits.maxConnections, "upstream relays take some")
        let asked = Self.fitted(descriptors) { $0.relay.plugin.command = "x" }.relay.limits
        #expect(asked.maxConnections <= limits.maxConnections, "so does a plugin")
    }

    @Test func `128 files are enough for some dozens of clients`() {
        #expect(Self.fitted(128) { $0.sync.isEnabled = false }.relay.limits.maxConnections > 50)
    }

    @Test func `an operator who asks for little gets that`() {
        #expect(Self.fitted(1024) { $0.relay.limits.maxConnections = 10 }.relay.limits.maxConnections == 10)
    }
}
