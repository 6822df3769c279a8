// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport
import Testing
import TweetCore

/// What holds of every post, whatever is in it.
@Suite struct RandomPostTests {
    private static func settings(_ style: ConversionSettings.Style, _ seed: UInt64) -> ConversionSettings {
        var settings = Cast.settings
        settings.style = style
        settings.reposts = seed % 3 == 0 ? .asQuotes : .asReposts
        settings.unknownParents = seed % 2 == 0 ? .linked : .unmentioned
        settings.suffix = seed % 5 == 0 ? "#x" : ""
        return settings
    }

    @Test(arguments: ConversionSettings.Style.allCases, [1, 501])
    func `any post becomes one sound event`(style: ConversionSettings.Style, first: UInt64) throws {
        for seed in first..<(first + 500) {
            var posts = RandomPosts(seed: seed)
            let snapshot = posts.snapshot()
            let resolution = try posts.resolution()
            let converter = Converter(Self.settings(style, seed))
            let author = Cast.key(Cast.alice)
            let draft = try #require(
                try converter.draft(of: snapshot, by: author, with: resolution), "seed \(seed)")
            try check(draft.event, style, seed)

            var shuffled = snapshot
            var rng = SplitMix64(seed: seed)
            shuffled.shuffleEntities(using: &rng)
            let other = try converter.draft(of: shuffled, by: author, with: resolution)
            #expect(other == draft, "seed \(seed): the order of entities shows")
        }
    }

    private func check(_ event: UnsignedEvent, _ style: ConversionSettings.Style, _ seed: UInt64) throws {
        let signed = event.withSignature([UInt8](repeating: 0, count: 64))
        let read = try Event.parse(signed.json).event
        #expect(read == signed && read.hasTrueID(), "seed \(seed): other programs would read another event")
        let names = event.tags.compactMap(\.name?.string)
        let values = event.tags.compactMap(\.value?.string)
        #expect(
            names.count == event.tags.count && values.count == event.tags.count,
            "seed \(seed): a tag has no value")
        let people = zip(names, values).filter { $0.0 == "p" }.map(\.1)
        #expect(Set(people).count == people.count, "seed \(seed): somebody is tagged twice")
        for tag in event.tags where tag.name == "imeta" {
            let url = try #require(tag.value?.string.dropFirst(4))
            #expect(event.content.contains(url), "seed \(seed): \(url) is not in the text")
            #expect(tag.elements.count > 2, "seed \(seed): a description says nothing")
        }
        guard style == .native, event.kind == .textNote else { return }
        // Every quoted event stands in the text, and is tagged.
        let quoted = event.tags.filter { $0.name == "q" }.compactMap { $0.value?.string }
        let written = event.content.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
            .filter { $0.hasPrefix("nevent1") }
            .compactMap { word -> String? in
                guard case .nevent(let id, _, _, _)? = NIP19Entity(bech32: String(word)) else { return nil }
                return id.hex
            }
        #expect(quoted == written, "seed \(seed): quotes and their tags differ")
        let markers = event.tags.filter { $0.name == "e" }.map { $0.elements[3] }
        #expect([[], ["root"], ["root", "reply"]].contains(markers), "seed \(seed): markers \(markers)")
    }
}
