// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayTransport
import TestSupport
import Testing

@testable import TweetBridge

@Suite struct BlobFilesTests {
    private static let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 13) }

    @Test func `a file has the name of its hash, and all of its bytes`() throws {
        let place = try BlobPlace()
        let written = try place.write(Self.bytes)
        let name = Sample.hash(Self.bytes)
        #expect(Hex.string(written.hash.bytes) == name && written.isNew && written.size == 300_000)
        #expect(written.start == Array(Self.bytes.prefix(512)))
        let path = "\(place.files.root)/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name)"
        #expect(place.files.path(of: written.hash) == path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(Self.bytes))
        #expect(try place.files.open(written.hash).size == 300_000)
        #expect(place.unfinished.isEmpty)
    }

    @Test func `the same bytes again are one file`() throws {
        let place = try BlobPlace()
        #expect(try place.write(Self.bytes).isNew)
        #expect(try !place.write(Self.bytes).isNew)
        #expect(place.unfinished.isEmpty)
    }

    @Test func `what is not finished leaves nothing, nor does what a crash left`() throws {
        let place = try BlobPlace()
        do {
            let writer = try place.files.begin()
            try writer.write(ByteBuffer(bytes: Self.bytes))
            #expect(place.unfinished.count == 1)
        }
        #expect(place.unfinished.isEmpty)
        try Data(Self.bytes).write(to: URL(fileURLWithPath: "\(place.files.unfinished)/1234"))
        _ = try BlobFiles(root: place.files.root)
        #expect(place.unfinished.isEmpty)
    }

    @Test func `a damaged file is not given out, and makes room for a sound one`() throws {
        let place = try BlobPlace()
        let hash = try place.write(Self.bytes).hash
        _ = try place.files.open(hash)
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: place.files.path(of: hash)))
        try file.write(contentsOf: Data([0xFF]))
        try file.close()
        #expect(throws: BlobError.damaged) { try place.files.open(hash) }
        #expect(throws: BlobError.missing) { try place.files.open(hash) }
        #expect(try place.write(Self.bytes).isNew)
        #expect(try place.files.open(hash).size == 300_000)
    }

    @Test func `a full disk is said to be full, and nothing is left behind`() throws {
        let room = NIOLockedValueBox(100_000)
        var calls = FileCalls.system
        calls.write = { descriptor, bytes in
            let count = room.withLockedValue { room in
                defer { room -= min(room, bytes.count) }
                return min(room, bytes.count)
            }
            guard count > 0 else {
                errno = ENOSPC
                return -1
            }
            return FileCalls.system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
        let place = try BlobPlace(calls: calls)
        let small = try place.write([1, 2, 3]).hash
        #expect(throws: BlobError.diskFull) { try place.write(Self.bytes) }
        #expect(place.unfinished.isEmpty)
        #expect(try place.files.open(small).size == 3)
        room.withLockedValue { $0 = .max }
        #expect(try place.write(Self.bytes).isNew)
    }

    @Test func `a disk that fails at the end leaves nothing behind`() throws {
        for fails in ["sync", "rename"] {
            var calls = FileCalls.system
            if fails == "sync" {
                calls.sync = { _ in
                    errno = EIO
                    return -1
                }
            } else {
                calls.rename = { _, _ in
                    errno = EIO
                    return -1
                }
            }
            let place = try BlobPlace(calls: calls)
            let call = fails == "sync" ? "fsync" : "rename"
            #expect(throws: BlobError.system(call, EIO)) { try place.write(Self.bytes) }
            #expect(place.unfinished.isEmpty && place.files.size(of: SHA256.digest(Self.bytes)) == nil)
        }
    }

    @Test func `files are found by the first byte of their hash`() throws {
        let place = try BlobPlace()
        let hashes = try (0..<20).map { try place.write([UInt8($0)]).hash }
        let found = (UInt8.min...UInt8.max).flatMap { place.files.hashes(beginningWith: $0) }
        #expect(Set(found) == Set(hashes))
        #expect(try place.files.remove(hashes[0]))
        #expect(try !place.files.remove(hashes[0]))
    }
}
