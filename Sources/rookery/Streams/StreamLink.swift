// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOConcurrencyHelpers
import NIOPosix
import NostrCore
import SyncEngine
import SyncPlanner

/// Performs one conversation of a stream: the socket, our store and door, and the clock around a ``StreamCourse``.
///
/// What takes time goes on elsewhere and comes back as an input. No more than one reading of the feed, one of events
/// and one of a set are under way, sockets hold themselves to ``StreamSocket/waitingBytes``, and judgements answer
/// submissions, which the course bounds: so the inbox needs no bound of its own.
final class StreamLink: Sendable {
    let line: StreamLine
    private let world: StreamWorld
    private let inbox: AsyncStream<Letter>.Continuation
    private let letters: AsyncStream<Letter>
    private let isRung = NIOLockedValueBox(false)

    enum Letter: Sendable {
        /// With what it holds of a socket's bound.
        case input(StreamCourse.Input, StreamSocket? = nil, bytes: Int = 0)
        /// Our set, of the conversation of this number.
        case prepared(UInt64, StreamSets.Held?, StreamCourse.Preparation)
        case stop
    }

    init(_ line: StreamLine, _ world: StreamWorld) {
        self.line = line
        self.world = world
        (letters, inbox) = AsyncStream.makeStream(of: Letter.self)
    }

    /// Hangs up and ends; from any thread.
    func stop() { inbox.yield(.stop) }

    /// Goes on until it is stopped or cancelled.
    func run() async {
        world.observer.begins(line)
        let place = line.direction.gives ? world.sightings.enter(line.relay) : nil
        let subscription = place.map { _ in
            world.store.feed.subscribe { [self] item in if case .commit = item { ring() } }
        }
        await withDiscardingTaskGroup { group in
            var performer = StreamPerformer(line, world, place: place, inbox: inbox)
            performer.reduce(.tick, in: &group)
            for await letter in letters {
                if case .stop = letter { break }
                if case .input(.news, _, _) = letter { isRung.withLockedValue { $0 = false } }
                performer.take(letter, in: &group)
            }
            performer.hangUp()
            group.cancelAll()
        }
        subscription?.cancel()
        if let place { world.sightings.leave(place) }
        world.observer.left(line)
    }

    /// There is news in our feed; told once, however much there is.
    private func ring() {
        let isFirst = isRung.withLockedValue { isRung in
            defer { isRung = true }
            return !isRung
        }
        if isFirst { inbox.yield(.input(.news)) }
    }
}
