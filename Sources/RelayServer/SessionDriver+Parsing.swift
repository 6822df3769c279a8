// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NostrCore
import RelaySession
import RelayTransport

/// What the client says. A long message is read on a thread of its own, so that nobody else of the event loop waits for
/// it; whatever comes after it waits on the socket meanwhile.
extension SessionDriver {
    typealias Parsed = Result<ClientMessage, ClientMessageError>

    func received(_ message: Span<UInt8>) {
        guard connection != nil else { return }
        if message.count > services.limits.parsedAtOnce, parseAside(message) { return }
        heard(Self.parse(message), size: message.count)
    }

    private static func parse(_ message: Span<UInt8>) -> Parsed {
        Result { () throws(ClientMessageError) in try ClientMessage.parse(message) }
    }

    private func heard(_ parsed: Parsed, size: Int) {
        let now = services.clock.uptime()
        switch parsed {
        case .success(let message):
            services.observer.received(ClientVerb(message), bytes: size)
            feed(refusal(of: message, size: size, at: now) ?? .message(message, size: size, at: now))
        case .failure(let error):
            services.observer.received(.unusable, bytes: size)
            let excess = excess(of: nil, size: size, at: now)
            feed(.unusable(error, isHasty: excess != nil, size: size, at: now))
        }
    }

    /// - Returns: `false` when so many wait already that it is read here after all.
    private func parseAside(_ message: Span<UInt8>) -> Bool {
        guard let connection else { return false }
        let (eventLoop, client) = (connection.eventLoop, client)
        let bytes = message.withUnsafeBufferPointer { Array($0) }
        let driver = NIOLoopBound(self, eventLoop: eventLoop)
        let isTaken = services.parsers.submit {
            let parsed = Self.parse(bytes.span)
            eventLoop.execute { driver.value.parsedAside(parsed, size: bytes.count, client) }
        }
        guard isTaken else { return false }
        isParsing = true
        connection.pauseReading()
        return true
    }

    private func parsedAside(_ parsed: Parsed, size: Int, _ client: EventDoor.Client) {
        isParsing = false
        guard let connection else { return saidLast(parsed, size: size, client) }
        heard(parsed, size: size)
        if !isHeld, room?.isStopping == false { connection.resumeReading() }
        finishTurn()
        if room?.isStopping == true { room?.checkIdle() }
    }

    /// An event that was sent before the end was sent.
    private func saidLast(_ parsed: Parsed, size: Int, _ client: EventDoor.Client) {
        guard case .success(.event(let event)) = parsed,
            refusal(of: .event(event), size: size, at: services.clock.uptime()) == nil
        else { return }
        services.door.submit([event], client) { _ in }
    }
}
