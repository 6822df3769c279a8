// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TweetCore

/// A post with all that conversion is given, and the events that come out.
struct GoldenCase {
    var name: String
    var snapshot: Snapshot
    var resolution = Cast.resolution
    var settings = Cast.settings
    /// Older versions, which are to be deleted.
    var older: [MirroredEvent] = []

    var author: PublicKey { Cast.key(snapshot.author ?? Cast.alice) }

    func events(of snapshot: Snapshot) throws -> [UnsignedEvent] {
        try Converter(settings).drafts(of: snapshot, by: author, with: resolution, inPlaceOf: older).map(
            \.event)
    }

    /// Everything as one JSON text, the same on every machine.
    func file() throws -> String {
        let file = File(
            author: author.hex, settings: settings, epoch: settings.epoch.description, snapshot: snapshot,
            resolution: .init(resolution), older: older.map { .init(nil, $0) },
            events: try events(of: snapshot).map(File.Made.init))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(file), as: UTF8.self) + "\n"
    }

    /// Where it is kept.
    var path: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/\(name).json")
    }

    /// How a case is written down.
    struct File: Codable {
        var author: String
        var settings: ConversionSettings
        var epoch: String
        var snapshot: Snapshot
        var resolution: Known
        var older: [Mirrored]
        var events: [Made]

        struct Known: Codable {
            var events: [Mirrored]
            var keys: [String: String]
            var copies: [String: [MediaCopy]]

            init(_ resolution: Resolution) {
                events = resolution.events.sorted { $0.key < $1.key }.map { Mirrored($0.key, $0.value) }
                keys = Dictionary(
                    uniqueKeysWithValues: resolution.keys.map { ($0.key.description, $0.value.hex) })
                copies = resolution.copies
            }
        }

        struct Mirrored: Codable {
            var post: PostID?
            var id: String
            var pubkey: String
            var kind: UInt16
            var relay: String
            var json: String?
            var root: String?

            init(_ post: PostID?, _ event: MirroredEvent) {
                (self.post, id, pubkey) = (post, event.id.hex, event.pubkey.hex)
                (kind, relay, root) = (event.kind.rawValue, event.relay, event.root?.id.hex)
                json = event.json.map { String(decoding: $0, as: UTF8.self) }
            }
        }

        struct Made: Codable {
            var id: String
            var pubkey: String
            var createdAt: Int64
            var kind: UInt16
            var tags: [[String]]
            var content: String

            init(_ event: UnsignedEvent) {
                (id, pubkey, createdAt) = (event.id.hex, event.pubkey.hex, event.createdAt.seconds)
                (kind, content) = (event.kind.rawValue, event.content)
                tags = event.tags.map { $0.elements.map(\.string) }
            }

            enum CodingKeys: String, CodingKey {
                case id, pubkey, kind, tags, content
                case createdAt = "created_at"
            }
        }
    }
}
