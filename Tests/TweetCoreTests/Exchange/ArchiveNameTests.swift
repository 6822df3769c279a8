// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct ArchiveNameTests {
    @Test(arguments: [
        ("20230101_120000_bob_999999999999999999.json", ArchiveName.post(PostID(999_999_999_999_999_999))),
        ("20230101_120000_foo_bob_12.json", .post(PostID(12))),
        ("20230101_120000_x_profile_12.json", .post(PostID(12))),
        ("20230101_120000_bob_profile.json", .profile),
        ("20230101120000_bob_44196397.json", .profile),
        ("20230101120000_foo_bar_profile.json", .profile),
        ("tweet_1234.not_found", .gone(PostID(1_234))),
        ("1234.not_found", .gone(PostID(1_234))),
        ("1234.json", .sent(PostID(1_234))),
        ("bob_1234567_2.jpg", .medium(of: PostID(1_234_567), 2)),
        ("foo_bar_1518623997054918657.jpg", .keyedMedium("3_1518623997054918657")),
        ("bob_7_1518623997054918657.mp4", .keyedMedium("7_1518623997054918657")),
    ]) func `a name says what a file is`(name: String, is kind: ArchiveName) {
        #expect(ArchiveName(name) == kind)
    }

    @Test(arguments: [
        "README.md", "20230101_120000_bob_12345678901234567890.json", "20230101_120000_bob_1e5.json",
        "20230101_120000_bob_.json", "2023_120000_bob_12.json", "event_12.json", "_.jpg", ".json",
        "a.not_found",
    ]) func `other names say nothing`(name: String) { #expect(ArchiveName(name) == nil) }

    @Test func `what is written is what is read`() {
        let moment: Int64 = 1_785_523_240_123
        let name = ArchiveName.file(ofPost: PostID(7), by: "foo_bob", at: moment)
        #expect(name == "20260731_184040_foo_bob_7.json")
        #expect(ArchiveName(name) == .post(PostID(7)))
        #expect(ArchiveName(ArchiveName.file(ofProfile: "bob", at: moment)) == .profile)
        #expect(ArchiveName(ArchiveName.file(ofGone: PostID(9))) == .gone(PostID(9)))
        let hash = String(repeating: "ab", count: 32)
        #expect(ArchiveName(ArchiveName.file(ofEvent: hash)) == .event(hash))
        let medium = ArchiveName.file(ofMedium: 3, of: PostID(1_234_567), by: "bob", extension: "mp4")
        #expect(ArchiveName(medium) == .medium(of: PostID(1_234_567), 3))
    }
}

@Suite struct UTCMomentTextTests {
    @Test func `moments are written as they are read`() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let moment = Int64.random(in: 0...4_102_444_800_000, using: &generator)
            #expect(UTCMoment.milliseconds(UTCMoment.text(moment)) == moment)
        }
        #expect(UTCMoment.text(951_782_400_000) == "2000-02-29T00:00:00.000Z")
        #expect(UTCMoment.text(-1) == "1969-12-31T23:59:59.999Z")
        #expect(UTCMoment.text(.max) == "9999-12-31T23:59:59.999Z")
        #expect(UTCMoment.text(.min) == "0000-01-01T00:00:00.000Z")
    }

    @Test(arguments: [
        "2026-07-31T18:40:40.123Z", "2026-07-31T18:40:40.123+00:00", "2026-07-31T18:40:40.123+0000",
        "2026-07-31 18:40:40.123456", "2026-07-31T20:40:40.123+02:00", "2026-07-31T13:10:40.123-05:30",
    ]) func `other programs' moments are understood`(text: String) {
        #expect(UTCMoment.lenient(text) == 1_785_523_240_123)
    }

    @Test(arguments: ["", "yesterday", "2026-07-31", "2026-07-31T18:40:40+1", "2026-07-31T18:40:40é00000"])
    func `what is no moment is none`(text: String) { #expect(UTCMoment.lenient(text) == nil) }
}

@Suite struct StatusURLTests {
    @Test(arguments: [
        "https://x.com/i/status/12", "https://twitter.com/bob/status/12?s=20",
        "HTTPS://mobile.twitter.com/a/status/12/photo/1",
    ]) func `the address of a post has its number`(text: String) {
        #expect(PostID(statusURL: text) == PostID(12))
    }

    @Test(arguments: [
        "https://notx.com/i/status/12", "https://x.com.evil.example/i/status/12",
        "https://evil.example/x.com/status/12",
        "https://x.com/i/status/", "https://x.com/bob", "ftp://x.com/i/status/12",
        "https://x.com:8/i/status/12",
    ]) func `an address that merely holds the name of X is nobody's`(text: String) {
        #expect(PostID(statusURL: text) == nil)
    }
}
