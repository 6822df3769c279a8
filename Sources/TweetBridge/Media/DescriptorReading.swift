// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOCore
import TweetCore

/// A descriptor as a server's JSON has it. Tags may stand in `nip94` (BUD-08) or in `nip94_event.tags`, where older servers
/// put them.
struct DescriptorReading: Decodable {
    private struct Descriptor: Decodable {
        var url: String
        var sha256: String
        var size: Int64
        var type: String?
        var uploaded: Double?
    }

    private struct FileEvent: Decodable { var tags: [[String]] }
    private enum Key: String, CodingKey { case nip94, event = "nip94_event" }

    /// **Bytes** of such an answer.
    static let maxLength = 65_536

    let value: BlobDescriptor

    init(from decoder: any Decoder) throws {
        let descriptor = try Descriptor(from: decoder)
        let extra = try decoder.container(keyedBy: Key.self)
        // What is of no use to us does not spoil the rest.
        let tags =
            (try? extra.decode([[String]].self, forKey: .nip94))
            ?? (try? extra.decode(FileEvent.self, forKey: .event))?.tags
        value = BlobDescriptor(
            url: descriptor.url, sha256: descriptor.sha256, size: descriptor.size,
            type: descriptor.type ?? "application/octet-stream",
            uploaded: Int64(exactly: (descriptor.uploaded ?? 0).rounded()) ?? 0, tags: tags ?? [])
    }

    /// - Returns: `nil` for what is no descriptor, or has a URL that is none.
    static func read(_ json: ByteBuffer) -> BlobDescriptor? {
        guard
            let reading = try? JSONDecoder().decode(
                DescriptorReading.self, from: Data(json.readableBytesView)),
            FileURL(reading.value.url) != nil
        else { return nil }
        return reading.value
    }
}
