// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Makes a medium with its files.
    ///
    /// - Returns: its key, such as `3_1862…`.
    /// - Throws: ``XRefusal/full`` beyond the number or the bytes of ``XStandInLimits``.
    public mutating func addMedia(_ draft: XMediaDraft) throws(XRefusal) -> String {
        guard media.count < limits.media else { throw .full }
        let number = makeID()
        let key = "\(draft.kind.keyPrefix)_\(number)"
        var medium = XMedia(
            key: key, kind: draft.kind, width: draft.width, height: draft.height,
            duration: draft.kind == .video ? draft.duration : nil, altText: draft.altText,
            path: "\(number).png", variants: [])
        let picture = Picture.png(
            width: draft.width, height: draft.height, colour: UInt32(truncatingIfNeeded: number >> 4))
        switch draft.kind {
        case .photo:
            if let file = draft.file { medium.path = "\(number).\(suffix(of: file.contentType))" }
            try add(draft.file ?? XFile(contentType: "image/png", bytes: picture), at: medium.path)
        case .animatedGIF:
            try add(XFile(contentType: "image/png", bytes: picture), at: medium.path)
            medium.variants = [.init(contentType: "video/mp4", bitRate: 0, path: "\(number).mp4")]
            try add(draft.file ?? film(draft.size, of: number), at: "\(number).mp4")
        case .video:
            try add(XFile(contentType: "image/png", bytes: picture), at: medium.path)
            try addVariants(of: number, draft, to: &medium)
        }
        media[key] = medium
        return key
    }

    /// Puts a file onto the media host, in place of what was there.
    public mutating func add(_ file: XFile, at path: String) throws(XRefusal) {
        let size = mediaBytes - (files[path]?.bytes.count ?? 0) + file.bytes.count
        guard size <= limits.mediaBytes else { throw .full }
        mediaBytes = size
        files[path] = file
    }

    /// A file of the media host, by its path below `/media/`.
    public func file(at path: String) -> XFile? { files[path] }

    /// The link of a file of the media host.
    public func mediaURL(_ path: String) -> String {
        (settings.mediaBase.isEmpty ? address : settings.mediaBase) + "/media/" + path
    }

    /// A list for live players, which has no bit rate, and three films of which the best is in the middle.
    private mutating func addVariants(of number: UInt64, _ draft: XMediaDraft, to medium: inout XMedia)
        throws(XRefusal)
    {
        let list = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=2176000\n\(number)-2176000.mp4\n"
        try add(XFile(contentType: "application/x-mpegURL", bytes: Array(list.utf8)), at: "\(number).m3u8")
        medium.variants = [.init(contentType: "application/x-mpegURL", bitRate: nil, path: "\(number).m3u8")]
        for rate: Int64 in [632_000, 2_176_000, 950_000] {
            let path = "\(number)-\(rate).mp4"
            let made = film(draft.size * (rate == 2_176_000 ? 2 : 1), of: number &+ UInt64(rate))
            try add(rate == 2_176_000 ? draft.file ?? made : made, at: path)
            medium.variants.append(.init(contentType: "video/mp4", bitRate: rate, path: path))
        }
    }

    /// Bytes that begin like an MP4 file and go on with what nobody can show.
    private func film(_ size: Int, of number: UInt64) -> XFile {
        var bytes: [UInt8] = [0, 0, 0, 16] + Array("ftypisom".utf8) + [0, 0, 2, 0]
        var noise = SplitMix64(seed: number)
        while bytes.count < size { withUnsafeBytes(of: noise.next()) { bytes.append(contentsOf: $0) } }
        return XFile(contentType: "video/mp4", bytes: Array(bytes.prefix(max(16, size))))
    }

    private func suffix(of contentType: String) -> String {
        switch contentType {
        case "image/jpeg": "jpg"
        case "image/gif": "gif"
        case "image/webp": "webp"
        case "video/mp4": "mp4"
        default: "png"
        }
    }
}
