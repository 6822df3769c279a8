// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing
import TweetCore
import XStandIn

@testable import TweetBridge

/// A whole bridge, that is started anew again and again, against the stand-in's counter.
@Suite(.timeLimit(.minutes(3))) struct BridgeLedgerTests {
    @Test(arguments: 0..<2) func `over days, faults and restarts the books agree, and the cap holds`(
        seed: UInt64
    )
        async throws
    {
        let cap: Int64 = 3_000_000
        var settings = XSettings()
        settings.money.billsIncludes = true
        let x = try await XServer.start(
            options: XServerOptions(clock: .virtual(start: XWorld.virtualStart), settings: settings))
        let ada = try #require(Handle("ada"))
        let scene = try await BridgeScene(x: x) {
            $0.handles = [ada]
            $0.planner.terms = [.mentions]
            $0.planner.asksQuotes = true
            $0.context = .all
        }
        var rng = SplitMix64(seed: seed)
        var posts: [XPostID] = []
        let users = try x.withWorld { world in try ["ada", "bob", "carl"].map { try world.addUser($0) } }
        for _ in 0..<15 {
            for _ in 0..<Int.random(in: 0...6, using: &rng) {
                var draft = XDraft("hello @ada")
                if Bool.random(using: &rng) { draft.quoting = posts.randomElement(using: &rng) }
                if Bool.random(using: &rng) { draft.inReplyTo = posts.randomElement(using: &rng) }
                let user = users.randomElement(using: &rng) ?? 0
                posts.append(try x.withWorld { [draft] in try $0.post(draft, by: user) })
            }
            if Bool.random(using: &rng) {
                let effect = [XFault.Effect.status(503), .refuse, .html(502), .rateLimited].randomElement(
                    using: &rng)
                try x.withWorld { try $0.add(XFault(effect ?? .refuse, times: 2)) }
            }
            scene.pass(.seconds(Int.random(in: 60...20_000, using: &rng)))
            // Neither side's clock is at another day than the other's.
            if x.withWorld({ $0.now.milliseconds }) / 86_400_000 != (scene.world.now + 600_000) / 86_400_000 {
                continue
            }
            try await scene.once(cap: cap)
            let charged = x.withWorld { $0.spend.byDay[$0.now.utcDay] ?? 0 }
            let ledger = SpendLedger.restored(
                try SpendRows(store: scene.world.store).load(), policy: SpendPolicy(cap: cap),
                at: scene.world.now
            ).0
            #expect(ledger.spent == charged && charged <= cap, "seed \(seed)")
        }
        #expect(x.withWorld { $0.spend.total } > 0)
        #expect(scene.observer.now.errors == [])
        try await scene.end()
        try await x.stop()
    }
}
