// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct ConversionSettingsTests {
    @Test func `settings that make other events have another epoch`() {
        var epochs: Set<ConversionEpoch> = [ConversionSettings().epoch]
        let changes: [(inout ConversionSettings) -> Void] = [
            { $0.style = .nostrweet }, { $0.prefix = "a" }, { $0.suffix = "a" }, { $0.client = "" },
            { $0.relay = Cast.relay }, { $0.namespace = "x" }, { $0.reposts = .asQuotes },
            { $0.reposts = .leftOut },
            { $0.unknownParents = .unmentioned }, { $0.tellsLanguage = false },
            // What moves from one setting to the next is no longer the same.
            { ($0.prefix, $0.suffix) = ("a\"", "b") }, { ($0.prefix, $0.suffix) = ("a", "\"b") },
        ]
        for change in changes {
            var settings = ConversionSettings()
            change(&settings)
            #expect(epochs.insert(settings.epoch).inserted)
        }
    }

    @Test func `settings of profiles leave posts as they are`() {
        var settings = ConversionSettings()
        settings.nip05Domain = "example.com"
        #expect(settings.epoch == ConversionSettings().epoch)
    }

    @Test func `an epoch is the same on every machine`() {
        #expect(ConversionSettings().epoch.description == "fdc09194acbb7a42")
        #expect(ConversionEpoch(10).description == "000000000000000a")
    }
}
