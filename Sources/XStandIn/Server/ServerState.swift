// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

internal import Glibc
internal import NIOConcurrencyHelpers
internal import NIOCore

/// The world of a server, and the connections that lines of the activity stream go to.
///
/// One lock holds both: a line is put in the queue of its event loop before anything else can happen in the world, so
/// every stream gets events in the order in which they happened.
final class ServerState: Sendable {
    let options: XServerOptions
    private let held: NIOLockedValueBox<Held>

    private struct Held {
        var world: XWorld
        /// What was advanced beyond the machine's clock, in milliseconds.
        var ahead: Int64 = 0
        var conversations: [ObjectIdentifier: any Channel] = [:]
        var streams: [StreamID: Conversation.Handle] = [:]
    }

    init(_ options: XServerOptions) {
        self.options = options
        let start: XInstant =
            switch options.clock {
            case .virtual(let start): start
            case .real: Self.machineTime()
            }
        held = NIOLockedValueBox(
            Held(
                world: XWorld(
                    at: start, settings: options.settings, limits: options.limits, seed: options.seed)))
    }

    func withWorld<Result: Sendable, Failure: Error>(
        _ body: (inout XWorld) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outcome: Swift.Result<Result, Failure> = held.withLockedValue { held in
            perform(&held) { world in
                do throws(Failure) { return .success(try body(&world)) } catch { return .failure(error) }
            }
        }
        return try outcome.get()
    }

    /// Answers a request; if a stream comes of it, its lines go to `handle` from now on.
    func answer(_ request: XRequest, for handle: Conversation.Handle) -> XReply {
        held.withLockedValue { held in
            let reply = perform(&held) { $0.answer(request) }
            if case .stream(let id) = reply.manner { held.streams[id] = handle }
            return reply
        }
    }

    func streamEnded(_ id: StreamID) {
        held.withLockedValue { held in
            held.streams[id] = nil
            held.world.closeStream(id)
        }
    }

    /// - Returns: false if there are too many connections already.
    func opened(_ channel: any Channel) -> Bool {
        held.withLockedValue { held in
            guard held.conversations.count < held.world.limits.connections else { return false }
            held.conversations[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    func closed(_ channel: any Channel) {
        held.withLockedValue { $0.conversations[ObjectIdentifier(channel)] = nil }
    }

    var connectionCount: Int { held.withLockedValue { $0.conversations.count } }

    func closeAll() {
        for channel in held.withLockedValue({ Array($0.conversations.values) }) {
            channel.close(promise: nil)
        }
    }

    private func perform<Result>(_ held: inout Held, _ body: (inout XWorld) -> Result) -> Result {
        guard case .real = options.clock else {
            defer { deliver(&held) }
            return body(&held.world)
        }
        let expected = XInstant(milliseconds: Self.machineTime().milliseconds + held.ahead)
        held.world.advance(to: expected)
        let before = held.world.now
        defer {
            held.ahead += held.world.now.milliseconds - before.milliseconds
            deliver(&held)
        }
        return body(&held.world)
    }

    private func deliver(_ held: inout Held) {
        let (lines, ending) = held.world.takeDeliveries()
        for delivery in lines {
            for stream in delivery.streams { held.streams[stream]?.write(delivery.line) }
        }
        for stream in ending { held.streams.removeValue(forKey: stream)?.end() }
    }

    private static func machineTime() -> XInstant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return XInstant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
