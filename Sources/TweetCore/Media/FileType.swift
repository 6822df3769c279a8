// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a file is, by its first bytes: what servers and senders say of files is often wrong.
public enum FileType {
    /// **Bytes** that are looked at.
    public static let length = 512

    /// The media type; `nil` for what is not known.
    ///
    /// - Parameter start: at least ``length`` bytes, or all of the file.
    public static func of(_ start: some Collection<UInt8>) -> String? {
        let bytes = Array(start.prefix(length))
        for (type, offset, mark) in marks where bytes.dropFirst(offset).starts(with: mark) { return type }
        if bytes.starts(with: Array("RIFF".utf8)), bytes.count >= 12 {
            switch String(decoding: bytes[8..<12], as: UTF8.self) {
            case "WEBP": return "image/webp"
            case "AVI ": return "video/x-msvideo"
            case "WAVE": return "audio/wav"
            default: return nil
            }
        }
        if bytes.dropFirst(4).starts(with: Array("ftyp".utf8)) {
            return ofBrand(bytes.dropFirst(8).prefix(4))
        }
        return ofText(bytes)
    }

    /// A type as somebody else calls it; `nil` for what is none, or says nothing.
    public static func safe(_ type: String?) -> String? {
        guard let type, (3...128).contains(type.utf8.count),
            type.utf8.allSatisfy({ (32...126).contains($0) }),
            type.split(separator: "/").count == 2, !type.lowercased().hasPrefix("application/octet-stream")
        else { return nil }
        return type
    }

    /// Whether it is a page, as comes from whoever says that there is no file.
    public static func isPage(_ start: some Collection<UInt8>) -> Bool { of(start) == "text/html" }

    /// The usual ending of files of a type, without the dot; `bin` for what is not known.
    public static func ending(of type: String) -> String {
        let name = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        return endings[name] ?? "bin"
    }

    private static let marks: [(String, Int, [UInt8])] = [
        ("image/jpeg", 0, [0xFF, 0xD8, 0xFF]),
        ("image/png", 0, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        ("image/gif", 0, Array("GIF87a".utf8)), ("image/gif", 0, Array("GIF89a".utf8)),
        ("video/webm", 0, [0x1A, 0x45, 0xDF, 0xA3]), ("audio/ogg", 0, Array("OggS".utf8)),
        ("audio/mpeg", 0, Array("ID3".utf8)), ("application/pdf", 0, Array("%PDF-".utf8)),
        ("application/zip", 0, [0x50, 0x4B, 0x03, 0x04]), ("image/bmp", 0, Array("BM".utf8)),
    ]

    /// Of the ISO base media format (ISO/IEC 14496-12).
    private static func ofBrand(_ brand: ArraySlice<UInt8>) -> String {
        switch String(decoding: brand, as: UTF8.self) {
        case "avif", "avis": "image/avif"
        case "heic", "heix", "mif1", "msf1": "image/heic"
        case "qt  ": "video/quicktime"
        case "M4A ": "audio/mp4"
        default: "video/mp4"
        }
    }

    private static func ofText(_ bytes: [UInt8]) -> String? {
        var text = bytes[...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
        text = text.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let start = String(decoding: text.prefix(256), as: UTF8.self).lowercased()
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.hasPrefix("<head")
            || start.hasPrefix("<body")
        {
            return "text/html"
        }
        if start.hasPrefix("<svg") || start.hasPrefix("<?xml") && start.contains("<svg") {
            return "image/svg+xml"
        }
        if start.hasPrefix("<?xml") { return start.contains("<html") ? "text/html" : "text/xml" }
        return nil
    }

    private static let endings = [
        "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp",
        "image/avif": "avif",
        "image/heic": "heic", "image/bmp": "bmp", "image/svg+xml": "svg", "video/mp4": "mp4",
        "video/webm": "webm",
        "video/quicktime": "mov", "video/x-msvideo": "avi", "audio/mpeg": "mp3", "audio/mp4": "m4a",
        "audio/ogg": "ogg", "audio/wav": "wav", "application/pdf": "pdf", "application/zip": "zip",
        "application/json": "json", "text/html": "html", "text/plain": "txt", "text/xml": "xml",
        "text/markdown": "md",
    ]
}
