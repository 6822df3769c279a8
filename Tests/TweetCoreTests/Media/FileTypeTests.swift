// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing
import TweetCore

@Suite struct FileTypeTests {
    @Test(
        arguments: [
            ([0xFF, 0xD8, 0xFF, 0xE1], "image/jpeg"), (Array("GIF89a...".utf8), "image/gif"),
            ([0x89] + Array("PNG\r\n\u{1A}\n".utf8), "image/png"),
            (Array("RIFF....WEBPVP8 ".utf8), "image/webp"), (Array("RIFF....WAVE".utf8), "audio/wav"),
            ([0, 0, 0, 0x20] + Array("ftypisom".utf8), "video/mp4"),
            ([0, 0, 0, 0x20] + Array("ftypavif".utf8), "image/avif"),
            ([0x1A, 0x45, 0xDF, 0xA3], "video/webm"), (Array("%PDF-1.7".utf8), "application/pdf"),
            (Array(" \n<!DOCTYPE HTML><html>".utf8), "text/html"),
            ([0xEF, 0xBB, 0xBF] + Array("<html>".utf8), "text/html"),
            (Array("<svg xmlns=".utf8), "image/svg+xml"),
            (Array("<?xml version=\"1.0\"?>\n<svg>".utf8), "image/svg+xml"),
            (Array("<?xml version=\"1.0\"?><!DOCTYPE html><html>".utf8), "text/html"),
            (Array("hello".utf8), nil), ([], nil), (Array("RIFF".utf8), nil),
        ] as [([UInt8], String?)])
    func `a file is what its first bytes say`(bytes: [UInt8], type: String?) {
        #expect(FileType.of(bytes) == type)
    }

    @Test(arguments: [
        ("image/jpeg", "jpg"), ("Image/PNG", "png"), ("text/html; charset=utf-8", "html"), ("x/y", "bin"),
        ("", "bin"),
    ]) func `types have their usual endings`(type: String, ending: String) {
        #expect(FileType.ending(of: type) == ending)
    }

    @Test(
        arguments: [
            ("image/png", "image/png"), ("text/plain; charset=utf-8", "text/plain; charset=utf-8"),
            ("nothing", nil),
            ("a/b\r\nX: y", nil), ("application/octet-stream", nil), (nil, nil), ("é/x", nil),
        ] as [(String?, String?)]) func `what others call it is taken when it says something`(
            type: String?, safe: String?
        )
    {
        #expect(FileType.safe(type) == safe)
    }
}
