// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

// Accounts that are asked to be forgotten, and keys that their owners have proved.
extension BridgeDesk {
    /// - Parameter words: an account, and the relays that are named.
    func vanish(_ words: [String]) async throws -> [String] {
        try refuseDryRun()
        let account = try account(words.first ?? "")
        let relays = try words.dropFirst().map { word in
            do { return try RelayURL(word) } catch {
                throw CommandFailure("not the URL of a relay: \(word.prefix(200))")
            }
        }
        let erased = try await bridge.remove(account.id, erases: true, vanishing: relays)
        return [
            "@\(account.handle) is not mirrored any more; \(erased) events are taken back, and relays are asked to forget it"
        ]
    }

    /// - Parameter words: a handle, what becomes of the mirror, a key or nothing, a proof or nothing.
    func claim(_ words: [String]) async throws -> [String] {
        try refuseDryRun()
        guard words.count == 4, let handle = Handle(words[0]), let outcome = ClaimOutcome(rawValue: words[1])
        else { throw CommandFailure("not a handle: \(words.first?.prefix(100) ?? "")") }
        var key: PublicKey?
        if !words[2].isEmpty {
            key = PublicKey(hex: words[2])
            if case .npub(let found) = NIP19Entity(bech32: words[2]) { key = found }
            guard key != nil else { throw CommandFailure("not a key (npub… or 64 hexadecimal digits)") }
        }
        var proof: PostID?
        if !words[3].isEmpty {
            proof = try Self.post(words[3])
        }
        let (row, user, file) = try await bridge.claim(
            Bridge.ClaimWish(handle, key: key, proof: proof, outcome))
        var lines = [
            "@\(user.handle) (\(user.id)) has proved \(row.key?.npub ?? row.pubkey) in post \(row.proof)"
        ]
        switch outcome {
        case .mirror: lines.append("mentions mean that key from now on; the mirror goes on and says so")
        case .stop: lines.append("mentions mean that key from now on; the mirror says so and has ended")
        case .handOver:
            lines.append("the mirror has ended; its key is in \(file ?? "")")
            lines.append("give it to its owner, and delete the file: nothing here signs with it again")
        }
        return lines
    }

    func unclaim(_ names: [String]) async throws -> [String] {
        var lines: [String] = []
        for name in names {
            let id = try Handle(name).flatMap { try store.user(of: $0) } ?? UserID(name)
            guard let id, try await store.forgetClaim(of: id) else {
                throw CommandFailure("nobody has proved a key for \(name.prefix(100))")
            }
            lines.append("the key of \(name) is forgotten")
        }
        return lines
    }

    func listClaims() throws -> [String] {
        try store.claims().map { row in
            let handle = try store.user(row.user)?.user.handle ?? ""
            return
                "@\(handle)  \(row.user)  \(row.key?.npub ?? row.pubkey)  post \(row.proof)  \(row.outcome.rawValue)"
        }
    }
}
