// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
import NIOCore
public import TweetCore

/// Follows X's activity stream: newline JSON that is read as it comes, dialled again by X's own rules (``StreamCourse``).
public actor ActivityStream {
    /// Everything that happens, for one follower.
    public nonisolated let happenings: AsyncStream<Happening>
    private let client: XClient
    private let limits: StreamLimits
    private let outlet: AsyncStream<Happening>.Continuation
    private var course = StreamCourse()
    private var told = RecentNames()

    public init(_ client: XClient, limits: StreamLimits = StreamLimits()) {
        self.client = client
        self.limits = limits
        (happenings, outlet) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(limits.waitingMax))
    }

    /// Keeps X's subscriptions in step with these accounts.
    public func follow(_ accounts: [UserID]) async throws(XFailure) { _ = try await client.follow(accounts) }

    /// Follows the stream until the task is cancelled.
    public func run() async {
        let clock = client.clock
        while !Task.isCancelled {
            let loss = await connection()
            client.observer.streaming(false)
            outlet.yield(.disconnected)
            let wait: Int64
            switch loss {
            case .lost(let loss): wait = course.lost(loss, at: clock.now())
            case .unpaid(let until): wait = max(1_000, until - clock.now())
            }
            do { try await clock.sleep(wait) } catch { break }
        }
        outlet.finish()
    }

    /// Why a connection ended.
    private enum End {
        case lost(StreamCourse.Loss)
        /// The day's money is spent.
        case unpaid(until: Int64)
    }

    private struct Ended: Error {
        var end: End
    }

    private func connection() async -> End {
        do {
            try await checkMoney()
            course.dialled(at: client.clock.now())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.read() }
                group.addTask { try await self.watch() }
                defer { group.cancelAll() }
                try await group.next()
            }
            return .lost(.network)
        } catch let ended as Ended {
            return ended.end
        } catch let failure as XFailure {
            return .lost(Self.loss(failure))
        } catch { return .lost(.network) }
    }

    private func read() async throws {
        let body = try await client.openStream()
        client.observer.streaming(true)
        try tell(.connected)
        var lines = LineSplitter(lineMax: limits.lineMax)
        for try await chunk in body.chunks {
            course.heard(at: client.clock.now())
            for line in try lines.append(chunk.readableBytesView) { try await take(line) }
        }
    }

    private func take(_ line: [UInt8]) async throws {
        switch try? StreamLine(reading: line) {
        case .event(let event):
            // X tells some things twice, and charges them twice or not: so does the ledger, which knows the post.
            guard event.uuid.isEmpty || told.insert(event.uuid, keeping: limits.rememberedMax) else { return }
            await client.charge(event.news)
            try tell(.event(event))
            try await checkMoney()
        case .problems(let problems):
            let isLimit = problems.contains {
                $0.title == "Too Many Requests" || $0.type.contains("rate-limit")
            }
            throw Ended(end: .lost(isLimit ? .limited(until: nil) : .refused))
        // What cannot be read is found by the next poll.
        case .heartbeat, nil: return
        }
    }

    /// Ends the connection when X falls silent, or does not answer at all.
    private func watch() async throws {
        while let deadline = course.deadline {
            let left = deadline - client.clock.now()
            guard left > 0 else { throw Ended(end: .lost(.network)) }
            try await client.clock.sleep(left)
        }
    }

    /// - Throws: ``Ended`` when nobody takes what is told.
    private func tell(_ happening: Happening) throws {
        if case .dropped = outlet.yield(happening) { throw Ended(end: .lost(.network)) }
    }

    private func checkMoney() async throws {
        let (left, nextDay) = await client.available(for: .ownPosts)
        guard await left >= client.ledger.prices.postRead else { throw Ended(end: .unpaid(until: nextDay)) }
    }

    private static func loss(_ failure: XFailure) -> StreamCourse.Loss {
        switch failure {
        case .limited(let until): .limited(until: until)
        case .transient: .network
        case .usageCapped, .outOfCredits, .unauthorized, .forbidden, .staleSince, .absent, .invalid,
            .overBudget:
            .refused
        }
    }
}
