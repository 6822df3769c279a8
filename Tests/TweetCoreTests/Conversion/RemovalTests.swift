// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@Suite struct RemovalTests {
    private let converter = Converter(Cast.settings)
    private let key = Cast.key(Cast.bob)
    private let time = Timestamp(1_800_000_000)

    private func events(_ count: Int) -> [MirroredEvent] {
        (0..<count).map { number in
            MirroredEvent(
                id: EventID(SHA256.digest(Array("\(number)".utf8))), pubkey: key,
                kind: number % 2 == 0 ? .repost : .textNote)
        }
    }

    @Test func `a deletion names events, their kinds and the reason`() {
        let gone = events(3)
        let drafts = converter.deletions(of: gone, by: key, at: time, because: .deleted)
        #expect(drafts.map(\.purpose) == [.deletion(gone.map(\.id))])
        #expect(drafts.first?.event.kind == .deletion && drafts.first?.event.content == "deleted on X")
        let tags = gone.map { Tag(["e", $0.id.hex]) } + [["k", "1"], ["k", "6"]]
        #expect(drafts.first?.event.tags == tags)
    }

    @Test(arguments: [(0, []), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])])
    func `no deletion names more than a hundred`(count: Int, sizes: [Int]) {
        let drafts = converter.deletions(of: events(count), by: key, at: time, because: .expired)
        #expect(drafts.map { draft in draft.event.tags.filter { $0.name == "e" }.count } == sizes)
    }

    @Test func `a mirror vanishes from the relays that are named, or from all`() {
        let one = converter.vanishing(
            of: Cast.bob.id, by: key, from: [Cast.relay], at: time, because: .optedOut)
        #expect(one.event.kind == .requestToVanish && one.event.tags == [["relay", TagValue(Cast.relay)]])
        let all = converter.vanishing(of: Cast.bob.id, by: key, from: [], at: time, because: .optedOut)
        #expect(all.event.tags == [["relay", "ALL_RELAYS"]])
    }

    @Test func `a newer version takes the place of the author's older ones alone`() throws {
        let older = events(2)
        var others = older
        others[1].pubkey = Cast.key(Cast.carol)
        let snapshot = Snapshot.fixture(3, "Newer", by: Cast.bob) {
            $0.post.versions = [Cast.postID(1), $0.post.id]
        }
        let drafts = try converter.drafts(of: snapshot, by: key, with: Cast.resolution, inPlaceOf: others)
        #expect(drafts.map(\.purpose) == [.post(snapshot.post.id), .deletion([older[0].id])])
        #expect(drafts[1].event.createdAt == drafts[0].event.createdAt)
        // Converted once more, with itself among the older ones, it does not delete itself.
        let again = MirroredEvent(id: drafts[0].event.id, pubkey: key)
        let same = try converter.drafts(of: snapshot, by: key, with: Cast.resolution, inPlaceOf: [again])
        #expect(same == [drafts[0]])
    }

    @Test func `all versions can be found together`() throws {
        let first = Snapshot.fixture(1, "Frist")
        let second = Snapshot.fixture(2, "First") { $0.post.versions = [first.post.id, $0.post.id] }
        let labels = try [first, second].map { snapshot in
            try converter.draft(of: snapshot, by: key, with: Cast.resolution)?.event.tags.first {
                $0.name == "l"
            }
        }
        #expect(labels[0] == labels[1] && labels[0]?.value?.string == "twitter:\(first.post.id)")
    }
}
