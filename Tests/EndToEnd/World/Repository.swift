// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport

/// One repository's life in events: an announcement, a state, roots, and replies to them (NIP-34).
struct Repository: Sendable {
    let announcement: Event
    let state: Event
    let roots: [Event]
    let replies: [Event]

    /// Everything, oldest first.
    var events: [Event] { [announcement, state] + roots + replies }
    /// `30617:owner:identifier`.
    let address: EventAddress

    /// What an announcement says besides its identifier.
    struct Announced {
        /// Authorities (host[:port]) named in both `clone` and `relays`.
        var services: [String] = []
        /// Further `relays` values.
        var relays: [String] = []
        /// Numbers of ``TestKey``s.
        var maintainers: [Int] = []
    }

    /// - Parameters:
    ///   - number: tells repositories apart; also the owner's ``TestKey`` unless `owner` is given.
    ///   - start: when it was announced, in seconds since 1970.
    init(
        number: Int, owner: Int? = nil, announced: Announced, roots rootCount: Int = 10,
        repliesPerRoot: Int = 2,
        start: Int64
    ) {
        var rng = SplitMix64(seed: UInt64(number) &+ 1)
        let owner = owner ?? number
        let identifier = Self.identifiers[number / 2 % Self.identifiers.count] + "-\(number)"
        address = EventAddress(
            kind: .repositoryAnnouncement, pubkey: TestKey.publicKey(owner), identifier: TagValue(identifier))
        announcement = Self.announce(identifier, announced, by: owner, at: start)
        state = .fixture(
            kind: .repositoryState, at: start + 60,
            tags: [
                .of("d", identifier), .of("refs/heads/main", Self.commit(&rng)),
                .of("HEAD", "ref: refs/heads/main"),
            ], by: owner)
        var (roots, replies) = ([Event](), [Event]())
        for index in 0..<rootCount {
            let at = start + 3600 * Int64(index + 1) + Int64.random(in: 0..<1800, using: &rng)
            let root = Self.root(of: address, at: at, using: &rng)
            roots.append(root)
            var parent = root
            for reply in 0..<repliesPerRoot {
                parent = Self.reply(
                    to: parent, under: root, of: reply == 0 ? address : nil,
                    at: at + 60 * Int64(reply + 1), using: &rng)
                replies.append(parent)
            }
        }
        self.roots = roots
        self.replies = replies
    }

    /// Identifiers as people choose them, and as they should not.
    private static let identifiers = ["kebab-case", "with:colons:inside", "a/path", "100%", "emoji-🪺", "Ünï"]

    /// An announcement (kind 30617).
    static func announce(_ identifier: String, _ said: Announced, by owner: Int, at: Int64) -> Event {
        let npub = NIP19Entity.npub(TestKey.publicKey(owner)).bech32 ?? ""
        let path = identifier.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? identifier
        let clones = said.services.map { "https://\($0)/\(npub)/\(path).git" }
        var tags: [Tag] = [
            .of("d", identifier), .of("name", identifier), .of("description", "a repository of tests"),
            Tag(["clone"] + clones), Tag(["relays"] + said.services.map { "wss://\($0)" } + said.relays),
        ]
        if !said.maintainers.isEmpty {
            tags.append(Tag(["maintainers"] + said.maintainers.map { TestKey.publicKey($0).hex }))
        }
        return .fixture(kind: .repositoryAnnouncement, at: at, tags: tags, by: owner)
    }

    /// A patch, a pull request or an issue.
    static func root(of address: EventAddress, at: Int64, using rng: inout SplitMix64) -> Event {
        let kind: Kind = [.patch, .pullRequest, .issue].randomElement(using: &rng) ?? .issue
        let tags: [Tag] = [
            Tag(["a", address.text.string]), .of("p", address.pubkey.hex), .of("subject", "root \(at)"),
            .of("c", commit(&rng)),
        ]
        return .fixture(
            kind: kind, at: at, tags: tags, content: prose(&rng), by: .random(in: 500..<600, using: &rng))
    }

    /// A comment (NIP-22): names its root and its parent, and the repository only when `address` is given.
    static func reply(
        to parent: Event, under root: Event, of address: EventAddress?, at: Int64, using rng: inout SplitMix64
    ) -> Event {
        var tags: [Tag] = [
            .of("E", root.id.hex, "", root.pubkey.hex), .of("K", "\(root.kind)"), .of("P", root.pubkey.hex),
            .of("e", parent.id.hex, "", parent.pubkey.hex), .of("k", "\(parent.kind)"),
            .of("p", parent.pubkey.hex),
        ]
        if let address { tags.append(Tag(["A", address.text.string])) }
        return .fixture(
            kind: .comment, at: at, tags: tags, content: prose(&rng), by: .random(in: 500..<600, using: &rng))
    }

    private static func commit(_ rng: inout SplitMix64) -> String {
        Hex.string((0..<20).map { _ in UInt8.random(in: 0...255, using: &rng) })
    }

    private static func prose(_ rng: inout SplitMix64) -> String {
        let words = [
            "merge", "naïve", "\"quoted\"", "C:\\path", "tab\t", "line\n", "🪺", "日本語", "fix", "the", "nest",
        ]
        return (0..<Int.random(in: 3..<40, using: &rng)).map { _ in words.randomElement(using: &rng) ?? "" }
            .joined(separator: " ")
    }
}
