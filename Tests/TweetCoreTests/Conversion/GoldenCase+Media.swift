// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

extension GoldenCase {
    static func media() -> [GoldenCase] {
        [
            GoldenCase(
                name: "media-photo",
                snapshot: .fixture("Look at\nhttps://t.co/p") {
                    $0.photo("3_1", "AAA", link: "https://t.co/p", alt: " A cat\non a \"mat\" ")
                }),
            GoldenCase(name: "media-four-photos", snapshot: fourPhotos, resolution: copies),
            GoldenCase(
                name: "media-film",
                snapshot: .fixture("https://t.co/v before the text") {
                    $0.film(
                        "13_5", link: "https://t.co/v",
                        variants: [
                            .init(
                                contentType: "application/x-mpegURL", url: "https://video.twimg.com/5.m3u8",
                                bitRate: nil),
                            .init(
                                contentType: "video/mp4", url: "https://video.twimg.com/5/320.mp4?tag=12",
                                bitRate: 632_000),
                            .init(
                                contentType: "video/mp4", url: "https://video.twimg.com/5/1080.mp4?tag=12",
                                bitRate: 2_176_000),
                        ])
                }, resolution: filmCopies),
            GoldenCase(
                name: "media-animation",
                snapshot: .fixture("https://t.co/g") {
                    $0.film(
                        "16_9", type: "animated_gif", link: "https://t.co/g",
                        variants: [
                            .init(contentType: "video/mp4", url: "https://video.twimg.com/9.mp4", bitRate: 0)
                        ])
                }),
            GoldenCase(
                name: "media-not-read",
                snapshot: .fixture("What the answer left out https://t.co/p") {
                    $0.photo("3_1", "AAA", link: "https://t.co/p")
                    $0.media = []
                }),
            GoldenCase(
                name: "media-preview-alone",
                snapshot: .fixture("A film without variants https://t.co/v") {
                    $0.film("13_6", link: "https://t.co/v", variants: [])
                }),
        ]
    }

    private static var fourPhotos: Snapshot {
        .fixture("Four https://t.co/p times") {
            for number in 1...4 {
                $0.photo("3_\(number)", "P\(number)", link: "https://t.co/p", alt: "Number \(number)")
            }
        }
    }

    private static var copies: Resolution {
        var resolution = Cast.resolution
        let hash = String(repeating: "0123456789abcdef", count: 4)
        resolution.copies["3_1"] = [
            MediaCopy(
                url: "https://blossom.example.com/\(hash).jpg", sha256: hash, size: 123_456,
                type: "image/jpeg",
                width: 4_096, height: 2_731),
            MediaCopy(url: "https://second.example.com/\(hash).jpg", sha256: hash),
        ]
        // One that is not to be had is passed over.
        resolution.copies["3_2"] = [MediaCopy(url: "not an address")]
        return resolution
    }

    private static var filmCopies: Resolution {
        var resolution = Cast.resolution
        let hash = String(repeating: "fedcba9876543210", count: 4)
        resolution.copies["13_5"] = [
            MediaCopy(
                url: "https://blossom.example.com/\(hash).mp4", sha256: hash, size: 7_654_321,
                type: "video/mp4")
        ]
        return resolution
    }
}
