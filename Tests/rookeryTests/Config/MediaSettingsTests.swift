// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer
import TestSupport
import Testing
import TweetBridge

@testable import rookery

@Suite struct MediaSettingsTests {
    private func contradictions(_ change: (inout BridgeSettings) -> Void) -> [String] {
        var bridge = BridgeSettings()
        (bridge.isEnabled, bridge.bearerToken, bridge.mnemonic) = (true, "t", "w")
        change(&bridge)
        return bridge.contradictions.map(\.key)
    }

    @Test func `nobody may upload where nothing is kept`() {
        let key = TestKey.publicKey(1)
        #expect(contradictions { $0.blossom.uploaders = [key] } == ["bridge.blossom_uploaders"])
        #expect(
            contradictions { bridge in
                bridge.blossom.uploaders = [key]
                bridge.media = .store
            } == [])
    }

    @Test func `media are served under the domain, or where the relay listens if others can ask there`() {
        var settings = Settings()
        #expect(settings.mediaBase == "http://127.0.0.1:7777")
        settings.relay.listen.host = "0.0.0.0"
        #expect(settings.mediaBase == nil)
        settings.relay.domain = "relay.example.com"
        #expect(settings.mediaBase == "https://relay.example.com")
    }

    @Test func `admins and those who are named may upload, and only admins delete everything`() {
        let uploaders = BlossomUploaders()
        var settings = Settings()
        settings.relay.admins = [TestKey.publicKey(1)]
        settings.bridge.blossom.uploaders = [TestKey.publicKey(2)]
        uploaders.adopt(settings)
        #expect((1...3).map { uploaders.mayUpload(TestKey.publicKey($0)) } == [true, true, false])
        #expect((1...3).map { uploaders.mayDeleteAll(TestKey.publicKey($0)) } == [true, false, false])
        settings.bridge.blossom.uploaders = []
        uploaders.adopt(settings)
        #expect(!uploaders.mayUpload(TestKey.publicKey(2)))
        #expect(Reloading.live.contains("bridge.blossom_uploaders"))
    }
}
