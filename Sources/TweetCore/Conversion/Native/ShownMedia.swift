// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// A medium as a note shows it: an address in the text, and a tag that describes what is there (NIP-92).
struct ShownMedia: Hashable {
    let key: String
    let url: String
    /// Whether this is the medium itself, and not the still of a film that is not to be had.
    let isWhole: Bool
    /// What follows the name of the `imeta` tag; empty when nothing is known but the address.
    let description: [String]

    /// - Returns: `nil` where no copy and no original can be fetched.
    init?(_ media: Media, copies: [MediaCopy]) {
        let original = media.file ?? media.preview
        var urls: [String] = []
        for url in copies.map(\.url) + [original].compactMap(\.self)
        where WebLink.isURL(url) && !urls.contains(url) {
            urls.append(url)
        }
        guard let url = urls.first else { return nil }
        key = media.key
        self.url = url
        isWhole = media.file != nil || url != media.preview
        description = Self.description(
            of: media, at: url, copy: copies.first { $0.url == url }, fallbacks: urls.dropFirst())
    }

    private static func description(
        of media: Media, at url: String, copy: MediaCopy?, fallbacks: ArraySlice<String>
    ) -> [String] {
        var fields: [String] = []
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value, !value.description.isEmpty { fields.append("\(name) \(value)") }
        }
        let isFilm = media.file != nil && media.type != "photo"
        add("m", copy?.type ?? media.contentType)
        add("x", copy?.sha256.flatMap { Hex.decode32(Array($0.utf8).span) == nil ? nil : $0 })
        add("size", copy?.size)
        if let width = copy?.width ?? media.width, let height = copy?.height ?? media.height, width > 0,
            height > 0
        {
            add("dim", "\(width)x\(height)")
        }
        add("alt", media.alternativeText.map { PostText.trimmed(Array($0.utf8)[...]) })
        if isFilm {
            add("duration", media.duration.flatMap(seconds))
            add("bitrate", media.bestVariant?.bitRate.flatMap { $0 > 0 ? $0 : nil })
            if let preview = media.preview, WebLink.isURL(preview), preview != url { add("image", preview) }
        }
        for fallback in fallbacks { add("fallback", fallback) }
        return fields.isEmpty ? [] : ["url \(url)"] + fields
    }

    /// Milliseconds as seconds, without needless zeroes: `29.5`.
    private static func seconds(_ milliseconds: Int) -> String? {
        guard milliseconds > 0 else { return nil }
        var text = "\(milliseconds / 1_000)"
        let rest = milliseconds % 1_000
        if rest > 0 {
            text += "." + String(String(rest + 1_000).dropFirst())
            while text.last == "0" { text.removeLast() }
        }
        return text
    }
}

extension Media {
    /// Of ``file``, or of ``preview`` where there is no file.
    fileprivate var contentType: String? {
        if type != "photo", let variant = bestVariant { return variant.contentType }
        guard let address = (file ?? preview)?.prefix(while: { $0 != "?" }),
            let dot = address.lastIndex(of: ".")
        else { return nil }
        return Self.contentTypes[address[dot...].dropFirst().lowercased()]
    }

    private static let contentTypes = [
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
        "gif": "image/gif",
    ]
}

extension Snapshot {
    /// What can be shown of its media: in their order, each address once.
    func shownMedia(_ resolution: Resolution) -> [ShownMedia] {
        var shown: [ShownMedia] = []
        for media in media.prefix(ConversionLimits.media) {
            guard let one = ShownMedia(media, copies: resolution.copies[media.key] ?? []),
                !shown.contains(where: { $0.url == one.url })
            else { continue }
            shown.append(one)
        }
        return shown
    }
}
