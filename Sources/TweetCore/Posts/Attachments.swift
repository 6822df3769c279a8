// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A picture, film or animation of a post.
public struct Media: Hashable, Sendable, Codable {
    /// Opaque, for example `3_1234`.
    public var key: String
    public var type: String
    /// Of a picture.
    public var url: String?
    /// Of a film or animation.
    public var preview: String?
    public var width: Int?
    public var height: Int?
    /// **Milliseconds**.
    public var duration: Int?
    public var alternativeText: String?
    public var variants: [Variant] = []

    public init(key: String, type: String) {
        self.key = key
        self.type = type
    }

    public struct Variant: Hashable, Sendable, Codable {
        public var contentType: String
        public var url: String
        /// **Bits per second**; 0 for animations, `nil` for playlists.
        public var bitRate: Int?

        public init(contentType: String, url: String, bitRate: Int?) {
            self.contentType = contentType
            self.url = url
            self.bitRate = bitRate
        }
    }

    /// The film of the highest bit rate among MP4s; of equals, the first.
    public var bestVariant: Variant? {
        var best: Variant?
        for variant in variants where variant.contentType == "video/mp4" {
            if (variant.bitRate ?? -1) > (best.map { $0.bitRate ?? -1 } ?? -2) { best = variant }
        }
        return best
    }

    /// Where its file is: the picture, or the best film; `nil` where there is neither.
    public var file: String? { type == "photo" ? url : bestVariant?.url }
}

public struct Poll: Hashable, Sendable, Codable {
    public var id: String
    public var options: [Option] = []
    public var minutes: Int?
    /// **Milliseconds** since 1970.
    public var end: Int64?
    public var isOpen: Bool?

    public init(id: String) { self.id = id }

    public struct Option: Hashable, Sendable, Codable {
        public var position: Int
        public var label: String
        public var votes: Int

        public init(position: Int, label: String, votes: Int) {
            self.position = position
            self.label = label
            self.votes = votes
        }
    }
}
