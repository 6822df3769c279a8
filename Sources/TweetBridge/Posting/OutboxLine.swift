// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NostrCore
import RelayTransport

/// Performs what an ``OutboxCourse`` decides about one relay.
///
/// One claim and one settlement are under way at a time, a socket holds itself to ``PostingLimits/waitingMessages``, and news
/// is told once: so the inbox needs no bound of its own.
final class OutboxLine: Sendable {
    private let relay: RelayURL
    private let number: UInt32
    private let world: OutboxRunner
    private let letters: AsyncStream<Letter>
    private let inbox: AsyncStream<Letter>.Continuation
    private let isRung = NIOLockedValueBox(false)

    enum Letter: Sendable {
        case news
        case input(OutboxCourse.Input, from: OutboxSocket? = nil)
    }

    init(_ relay: RelayURL, _ number: UInt32, _ world: OutboxRunner) {
        self.relay = relay
        self.number = number
        self.world = world
        (letters, inbox) = AsyncStream.makeStream(of: Letter.self)
    }

    /// There may be something to send.
    func ring() {
        let isFirst = isRung.withLockedValue { isRung in
            defer { isRung = true }
            return !isRung
        }
        if isFirst { inbox.yield(.news) }
    }

    func run() async {
        // What is not had back now comes due by itself.
        try? await world.store.reclaim(for: number)
        await withDiscardingTaskGroup { tasks in
            var course = OutboxCourse(world.limits)
            var socket: OutboxSocket?
            var chance = SystemRandomNumberGenerator()
            var alarm: Uptime?
            inbox.yield(.news)
            for await letter in letters {
                let input: OutboxCourse.Input
                switch letter {
                case .news:
                    isRung.withLockedValue { $0 = false }
                    input = .due(due)
                case .input(let heard, let origin):
                    origin?.taken()
                    input = heard
                }
                let now = world.clock.uptime()
                let effects = course.reduce(input, at: now, wall: world.clock.wall(), using: &chance)
                for effect in effects { perform(effect, &socket, in: &tasks) }
                if let set = alarm, set <= now { alarm = nil }
                guard let deadline = course.nextDeadline, alarm.map({ deadline < $0 }) ?? true else {
                    continue
                }
                // One that turns out to be early does no harm.
                alarm = deadline
                tasks.addTask { [inbox, clock = world.clock] in
                    try? await clock.sleep(deadline - now)
                    inbox.yield(.input(.tick))
                }
            }
            socket?.close()
            tasks.cancelAll()
        }
    }

    /// When something is to be sent next; far away when the store cannot be read now.
    private var due: Int64? { try? world.store.nextDelivery(to: number) }

    private func tell(_ input: OutboxCourse.Input) { inbox.yield(.input(input)) }

    private func perform(
        _ effect: OutboxCourse.Effect, _ socket: inout OutboxSocket?, in tasks: inout DiscardingTaskGroup
    ) {
        switch effect {
        case .inquire: tasks.addTask { [self] in tell(.information(oldest: await oldest())) }
        case .dial(let conversation):
            let new = OutboxSocket(limits: world.limits, on: world.group.next()) { [inbox] heard, socket in
                inbox.yield(.input(.heard(conversation, heard), from: socket))
            }
            socket = new
            tasks.addTask { [relay, dialer = world.dialer] in await new.dial(relay, through: dialer) }
        case .hangUp:
            socket?.close()
            socket = nil
        case .send(let message):
            if case .event = message { world.observer.sent(to: relay) }
            socket?.send(message)
        case .sign(let challenge):
            if let socket { socket.hear(.signed(proof(challenge))) }
        case .claim(let room): tasks.addTask { [self] in await claim(room) }
        case .settle(let outcomes): tasks.addTask { [self] in await settle(outcomes) }
        case .note(.failed(let reason, let wait)): world.observer.failed(reason, at: relay, retryIn: wait)
        case .note(.rests), .note(.refused): break
        }
    }

    private func claim(_ room: Int) async {
        do {
            let events = try await world.store.claim(
                for: number, limit: room, patience: world.limits.patience)
            tell(.claimed(events, due: due))
        } catch { tell(.storeFailed([:])) }
    }

    private func settle(_ outcomes: [EventID: DeliveryOutcome]) async {
        do {
            try await world.store.settle(outcomes, at: number)
            for outcome in outcomes.values { world.observer.settled(outcome, at: relay) }
            tell(.settled(due: due))
        } catch { tell(.storeFailed(outcomes)) }
    }

    /// Signs for the URL that is dialled (NIP-42).
    private func proof(_ challenge: String) -> Event {
        UnsignedEvent(
            pubkey: world.key.publicKey, createdAt: Timestamp(max(0, world.clock.wall() / 1_000)),
            kind: .clientAuthentication,
            tags: [Tag(["relay", relay.text]), Tag(["challenge", challenge])]
        ).signed(by: world.key)
    }

    /// How many **seconds** old an event may be there (NIP-11); `nil` where nothing is said.
    private func oldest() async -> Int64? {
        struct Document: Decodable {
            struct Limitation: Decodable { var created_at_lower_limit: Int64? }
            var limitation: Limitation?
        }
        let target = DialTarget(relay)
        guard
            let bytes = try? await world.dialer.document(
                at: target, accept: "application/nostr+json", trust: .operatorNamed),
            let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
            let limit = document.limitation?.created_at_lower_limit, limit > 0
        else { return nil }
        return limit
    }
}
