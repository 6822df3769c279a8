// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOCore
import NIOPosix
import NostrCore
import RelayTransport
import TestSupport
import TweetCore

@testable import TweetBridge

/// A directory for blobs, and what is needed to fetch some.
struct BlobPlace {
    let directory: TemporaryDirectory
    let files: BlobFiles
    let keeping: MemoryKeeping
    let fetcher: FileFetcher
    let dialer: Dialer
    var limits: MediaLimits

    init(
        _ media: [Media] = [], calls: FileCalls = .system, allowsPrivate: Bool = false,
        limits: MediaLimits = .patient,
        resolve: @escaping @Sendable (String, Int) throws -> [SocketAddress] = Dialer.systemResolve
    ) throws {
        directory = try TemporaryDirectory("blobs")
        files = try BlobFiles(root: directory.file("media"), calls: calls)
        keeping = MemoryKeeping(media)
        var options = DialOptions()
        options.allowPrivateAddresses = allowsPrivate
        dialer = try Dialer(
            group: MultiThreadedEventLoopGroup.singleton, options: options, resolve: resolve)
        self.limits = limits
        fetcher = FileFetcher(
            files, dialer: dialer, group: MultiThreadedEventLoopGroup.singleton, limits: limits)
    }

    func downloader(now: @escaping @Sendable () -> Int64 = { 0 }) -> MediaDownloader {
        MediaDownloader(
            files, fetcher: fetcher, keeping: keeping, limits: limits, trust: .operatorNamed, now: now)
    }

    /// Files that are neither whole nor gone.
    var unfinished: [String] { TemporaryDirectory.names(in: files.unfinished) }

    func end() async {
        await fetcher.shutdown()
        dialer.shutdown()
    }

    /// Writes a file as it comes in.
    @discardableResult
    func write(_ bytes: [UInt8]) throws -> BlobWriter.Written {
        let writer = try files.begin()
        try writer.write(ByteBuffer(bytes: bytes))
        return try writer.finish()
    }
}

extension MediaLimits {
    /// For hosts that answer, on a busy machine.
    static let patient = {
        var limits = MediaLimits()
        limits.idleSeconds = 30
        return limits
    }()

    /// For hosts that do not.
    static let brisk = {
        var limits = MediaLimits()
        limits.idleSeconds = 1
        return limits
    }()
}

extension TemporaryDirectory {
    static func names(in path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
}

/// Bytes of some types.
enum Sample {
    static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0] + (0..<2_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + [UInt8](repeating: 5, count: 900)
    static let mp4: [UInt8] = [0, 0, 0, 24] + Array("ftypisom".utf8) + [UInt8](repeating: 9, count: 3_000)
    static let page = Array("<!DOCTYPE html><html><body>no</body></html>".utf8)

    static func hash(_ bytes: [UInt8]) -> String { Hex.string(SHA256.digest(bytes).bytes) }

    static func photo(_ url: String, key: String = "3_1") -> Media {
        var medium = Media(key: key, type: "photo")
        medium.url = url
        return medium
    }

    static func film(_ url: String, key: String = "7_1") -> Media {
        var medium = Media(key: key, type: "video")
        medium.variants = [Media.Variant(contentType: "video/mp4", url: url, bitRate: 1)]
        return medium
    }
}
