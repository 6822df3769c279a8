// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// As many healthy upstreams as bad ones, and a repository for each pair, announced with and without the bad one.
struct StallWorld {
    let healthy: [ScriptedRelay]
    let bad: [ScriptedRelay]
    /// Holds the announcements that name the healthy ones alone.
    let announcerOfHealthy: ScriptedRelay
    let announcerOfAll: ScriptedRelay
    private let addresses: [TagValue]
    private let keys = Array(MixedEvents().keys.prefix(Self.owners))

    /// Few owners would be held to so many new relays a day.
    private static let owners = 25

    init(_ pairs: Int) async throws {
        let keys = keys
        var (healthy, bad) = ([ScriptedRelay](), [ScriptedRelay]())
        for number in 0..<pairs {
            healthy.append(try await ScriptedRelay())
            bad.append(try await Self.bad(number))
        }
        func announcements(_ relays: (Int) -> [String]) -> [Event] {
            (0..<pairs).map { number in
                let (name, key) = ("pair-\(number)", keys[number % Self.owners])
                return UnsignedEvent(
                    pubkey: key.publicKey, createdAt: Timestamp(1_735_689_600), kind: .repositoryAnnouncement,
                    tags: [
                        Tag(["d", name]),
                        Tag(["clone", "https://\(RepositoryEvents.service)/npub/\(name).git"]),
                        Tag(["relays", "wss://\(RepositoryEvents.service)"] + relays(number)),
                    ], content: ""
                ).signed(by: key)
            }
        }
        let ofAll = announcements { [healthy[$0].url, bad[$0].url] }
        announcerOfHealthy = try await ScriptedRelay(holding: announcements { [healthy[$0].url] })
        announcerOfAll = try await ScriptedRelay(holding: ofAll)
        addresses = ofAll.compactMap { $0.address?.text }
        self.healthy = healthy
        self.bad = bad
    }

    /// Of five: one refuses connections, two take them and never answer the upgrade, one stalls in the middle of a page's
    /// first frame, and one sends a byte each second.
    private static func bad(_ number: Int) async throws -> ScriptedRelay {
        var frame = WebSocketFrame.text(String(repeating: "[", count: 400))
        frame.mask = nil
        let halfAFrame = Array(frame.encoded.prefix(200))
        let relay = try await ScriptedRelay { script in
            switch number % 5 {
            case 1, 2: script.handshake = .silence
            case 3: script.reaction = { $0.isLive ? .answer : .raw(halfAFrame) }
            case 4: script.drip = .init(bytes: 1, every: .seconds(1), sparesHandshake: true)
            default: break
            }
        }
        if number % 5 == 0 { try await relay.close() }
        return relay
    }

    /// Notes about the repositories in turn, by their owners, signed.
    func notes(_ count: Int, round: Int) -> [Event] {
        (0..<count).map { number in
            let (pair, key) = (number % addresses.count, keys[number % addresses.count % Self.owners])
            return UnsignedEvent(
                pubkey: key.publicKey, createdAt: Timestamp(1_735_700_000 + Int64(number)), kind: .textNote,
                tags: [Tag([TagValue("a"), addresses[pair]])], content: "\(round) \(number)"
            ).signed(by: key)
        }
    }
}
