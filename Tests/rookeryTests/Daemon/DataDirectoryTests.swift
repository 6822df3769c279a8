// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

@testable import rookery

@Suite struct DataDirectoryTests {
    let temporary: TemporaryDirectory
    let directory: DataDirectory

    init() throws {
        temporary = try TemporaryDirectory()
        directory = DataDirectory(temporary.file("deep/data"))
    }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test func `it is made with its parents, for its owner alone`() throws {
        try directory.create()
        try directory.create()
        #expect(try mode(directory.path) == 0o700)
    }

    @Test func `a file in its place is named`() throws {
        try Data().write(to: URL(filePath: temporary.file("file")))
        let error = try #require(throws: CommandFailure.self) {
            try DataDirectory(temporary.file("file")).create()
        }
        #expect(error.description == "\(temporary.file("file")): is not a directory")
    }

    @Test func `a second lock names the process that has the first`() throws {
        try directory.create()
        let first = try DirectoryLock(directory)
        let error = try #require(throws: DirectoryLock.Held.self) { try DirectoryLock(directory) }
        #expect(error.description == "\(directory.path): in use by process \(getpid())")
        _ = consume first
        _ = try DirectoryLock(directory)
    }

    @Test func `a key is made once and stays`() throws {
        try directory.create()
        let made = try RelayKeyFile.load(directory.relayKey)
        #expect(try mode(directory.relayKey) == 0o600)
        #expect(try RelayKeyFile.load(directory.relayKey).publicKey == made.publicKey)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: directory.path)) == ["relay.key"])
    }

    @Test func `a key that others may read is refused`() throws {
        try directory.create()
        _ = try RelayKeyFile.load(directory.relayKey)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory.relayKey)
        let error = try #require(throws: CommandFailure.self) { try RelayKeyFile.load(directory.relayKey) }
        #expect(error.description.contains("chmod 600"))
    }

    @Test func `a file that holds no key is refused and left alone`() throws {
        try directory.create()
        _ = FileManager.default.createFile(
            atPath: directory.relayKey, contents: Data("not a key\n".utf8),
            attributes: [.posixPermissions: 0o600])
        #expect(throws: CommandFailure.self) { try RelayKeyFile.load(directory.relayKey) }
        #expect(try String(contentsOfFile: directory.relayKey, encoding: .utf8) == "not a key\n")
    }
}
