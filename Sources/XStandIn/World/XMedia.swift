// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// A photo, film or animated GIF that posts can carry.
public struct XMedia: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        case photo
        case video
        case animatedGIF = "animated_gif"

        /// The number before the underscore of a media key.
        var keyPrefix: String {
            switch self {
            case .photo: "3"
            case .video: "7"
            case .animatedGIF: "16"
            }
        }
    }

    /// One file of a film.
    public struct Variant: Hashable, Sendable {
        public var contentType: String
        /// Bits a second; the list of a live stream (HLS) has none.
        public var bitRate: Int64?
        /// Below `/media/` of the media host.
        public var path: String
    }

    public let key: String
    public let kind: Kind
    public var width: Int64
    public var height: Int64
    /// Milliseconds; for films.
    public var duration: Int64?
    public var altText: String?
    public var views: Int64 = 0
    /// The file of a photo, below `/media/` of the media host; the preview of the others.
    public var path: String
    public var variants: [Variant]
}

/// One file of the media host.
public struct XFile: Hashable, Sendable {
    public var contentType: String
    public var bytes: [UInt8]

    public init(contentType: String, bytes: [UInt8]) {
        self.contentType = contentType
        self.bytes = bytes
    }
}

/// What a medium to be made is like.
public struct XMediaDraft: Hashable, Sendable {
    public var kind: XMedia.Kind
    public var width: Int64
    public var height: Int64
    public var altText: String?
    /// Milliseconds; for films.
    public var duration: Int64 = 12_000
    /// The bytes of the photo, or of the best variant of a film; made up where there are none.
    public var file: XFile?
    /// Bytes of the files that are made up for films.
    public var size = 4_096

    public init(
        _ kind: XMedia.Kind = .photo, width: Int64 = 64, height: Int64 = 48, altText: String? = nil,
        file: XFile? = nil
    ) {
        self.kind = kind
        self.width = width
        self.height = height
        self.altText = altText
        self.file = file
    }
}
