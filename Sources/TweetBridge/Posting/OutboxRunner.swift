// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NIOCore
public import NostrCore
public import RelayTransport

/// Sends what is in the outbox to further relays: each has a task, a conversation and bounds of its own, so that one that is
/// dead slows no other.
public struct OutboxRunner: Sendable {
    let store: BridgeStore
    let dialer: Dialer
    let group: any EventLoopGroup
    /// Answers challenges (NIP-42).
    let key: SecretKey
    let clock: PostingClock
    let limits: PostingLimits
    let observer: any PostingObserver

    public init(
        store: BridgeStore, dialer: Dialer, group: any EventLoopGroup, key: SecretKey, clock: PostingClock,
        limits: PostingLimits = PostingLimits(), observer: some PostingObserver = SilentPostingObserver()
    ) {
        self.store = store
        self.dialer = dialer
        self.group = group
        self.key = key
        self.clock = clock
        self.limits = limits
        self.observer = observer
    }

    /// Goes on until it is cancelled. What was sent and not answered by then is sent again the next time.
    public func run() async {
        let (news, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        store.observe { if $0 == .outbox { bell.yield() } }
        bell.yield()
        await withDiscardingTaskGroup { tasks in
            var lines: [UInt32: OutboxLine] = [:]
            for await _ in news {
                // A store that cannot be read is tried again at the next event.
                for row in (try? store.relays()) ?? [] {
                    if let line = lines[row.number] {
                        line.ring()
                    } else if let relay = try? RelayURL(row.url) {
                        let line = OutboxLine(relay, row.number, self)
                        lines[row.number] = line
                        tasks.addTask { await line.run() }
                    }
                }
            }
            tasks.cancelAll()
        }
    }
}
