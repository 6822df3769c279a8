// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import RelayTransport

/// Tells everybody who listens what is new on the status page, round by round. One rendering serves all; when nobody listens,
/// there are no rounds.
final class StatusFeed: Sendable {
    private let board: StatusBoard
    private let limits: StatusLimits
    private let loop: any EventLoop
    private let state = NIOLockedValueBox(State())

    private struct State {
        var listeners: [Listener] = []
        var events = StatusEvents()
        var isGoingRound = false
    }

    private struct Listener {
        let answer: OpenAnswer
        /// Rounds it has been told of.
        var rounds = 0
    }

    init(board: StatusBoard, limits: StatusLimits, loop: any EventLoop) {
        self.board = board
        self.limits = limits
        self.loop = loop
    }

    /// How many listen, as far as was noticed.
    var listeners: Int { state.withLockedValue(\.listeners.count) }

    /// Tells one more. At once it hears that it is heard; what there is to see comes with the next round.
    func add(_ answer: OpenAnswer) {
        answer.send(StatusEvents.greeting)
        let begins = state.withLockedValue { state in
            state.listeners.append(Listener(answer: answer))
            defer { state.isGoingRound = true }
            return !state.isGoingRound
        }
        if begins { goRound() }
    }

    private func goRound() {
        let isHeard = state.withLockedValue { state in
            state.listeners.removeAll { !$0.answer.isOpen }
            state.isGoingRound = !state.listeners.isEmpty
            return state.isGoingRound
        }
        guard isHeard else { return }
        let board = board
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { board.now.sections }.whenComplete { result in
            // Otherwise the process is about to end.
            guard case .success(let sections) = result, self.tell(sections) else { return }
            self.loop.scheduleTask(in: .milliseconds(self.limits.roundMilliseconds)) { self.goRound() }
        }
    }

    /// - Returns: whether anybody is left.
    private func tell(_ sections: [StatusSection: HTML]) -> Bool {
        state.withLockedValue { state in
            state.listeners.removeAll { !$0.answer.isOpen }
            let news = state.events.news(sections, quietRounds: limits.quietRounds)
            let everything = state.listeners.contains { $0.rounds == 0 } ? StatusEvents.text(sections) : nil
            for index in state.listeners.indices {
                let listener = state.listeners[index]
                if let bytes = listener.rounds == 0 ? everything : news { listener.answer.send(bytes) }
                if listener.rounds == limits.rounds { listener.answer.end() }
                state.listeners[index].rounds += 1
            }
            state.listeners.removeAll { $0.rounds > limits.rounds }
            state.isGoingRound = !state.listeners.isEmpty
            return state.isGoingRound
        }
    }
}
