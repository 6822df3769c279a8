// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import Testing

@testable import TweetBridge

@Suite struct CredentialTests {
    @Test func `of two who renew a credential one is told that the other did`() async throws {
        let world = try BridgeWorld()
        let first = try await world.store.renew(
            "owner", kind: "oauth2", secret: Array("a".utf8), expires: 5, replacing: 0)
        #expect(first.rotation == 1)
        let second = try await world.store.renew(
            "owner", kind: "oauth2", secret: Array("b".utf8), expires: 6, replacing: 1)
        await #expect(throws: BridgeStoreError.conflict("credential owner")) {
            try await world.store.renew("owner", kind: "oauth2", secret: [], expires: nil, replacing: 1)
        }
        #expect(try world.store.credential("owner") == second)
        try await world.store.removeCredential("owner")
        #expect(try world.store.credential("owner") == nil)
    }

    @Test func `tokens are not in the store in the clear, and do not open for others`() async throws {
        let world = try BridgeWorld()
        let secret = Array("very secret token".utf8)
        _ = try await world.store.renew("owner", kind: "oauth2", secret: secret, expires: nil, replacing: 0)
        for row in try world.rows().values {
            #expect(!String(decoding: row, as: UTF8.self).contains("secret token"))
        }
        let seal = try #require(TokenSeal(key: [UInt8](repeating: 1, count: 32)))
        let sealed = try seal.sealed(secret, name: "owner")
        #expect(try seal.opened(sealed, name: "owner") == secret)
        #expect(try seal.sealed(secret, name: "owner") != sealed)
        #expect(throws: BridgeStoreError.self) { try seal.opened(sealed, name: "other") }
        let other = try #require(TokenSeal(key: [UInt8](repeating: 2, count: 32)))
        #expect(throws: BridgeStoreError.self) { try other.opened(sealed, name: "owner") }
        #expect(throws: BridgeStoreError.self) { try seal.opened(Array(sealed.dropLast()), name: "owner") }
        #expect(throws: BridgeStoreError.self) { try seal.opened([1, 2], name: "owner") }
    }

    @Test func `the key is made once, for its owner's eyes`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("bridge.key")
        let seal = try TokenSeal(file: path)
        let sealed = try seal.sealed([1, 2, 3], name: "x")
        #expect(try TokenSeal(file: path).opened(sealed, name: "x") == [1, 2, 3])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try directory.write("short", to: "bad.key")
        #expect(throws: BridgeStoreError.self) { try TokenSeal(file: directory.file("bad.key")) }
    }
}
