// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NostrCore
import SyncEngine
import SyncPlanner

/// A ``StreamCourse`` and what performs its effects; belongs to the loop of one ``StreamLink``.
struct StreamPerformer {
    let line: StreamLine
    let world: StreamWorld
    let inbox: AsyncStream<StreamLink.Letter>.Continuation
    let place: Sightings.Place?
    private var course: StreamCourse
    private var socket: StreamSocket?
    private var set: StreamSets.Held?
    private var judging: [StreamCourse.Part: Judging] = [:]
    private var chance = SystemRandomNumberGenerator()
    /// The moment for which a timer is set.
    private var alarm: Uptime?

    /// Batches of one part that are judged at one time.
    private static let width = 2

    init(
        _ line: StreamLine, _ world: StreamWorld, place: Sightings.Place?,
        inbox: AsyncStream<StreamLink.Letter>.Continuation
    ) {
        (self.line, self.world, self.place, self.inbox) = (line, world, place, inbox)
        course = StreamCourse(world.terms(line))
    }

    mutating func take(_ letter: StreamLink.Letter, in group: inout DiscardingTaskGroup) {
        switch letter {
        case .stop: break
        case .input(let input, let socket, let bytes):
            if case .heard(course.number, .judged(let part, _, _, _)) = input { judging[part]?.ended() }
            reduce(input, in: &group)
            socket?.taken(bytes)
        case .prepared(let number, let set, let preparation):
            if number == course.number { self.set = set }
            reduce(.heard(number, .prepared(preparation)), in: &group)
        }
    }

    mutating func reduce(_ input: StreamCourse.Input, in group: inout DiscardingTaskGroup) {
        let clock = world.clock
        let effects = course.reduce(input, at: clock.uptime(), wall: clock.wall(), using: &chance)
        for effect in effects { perform(effect, in: &group) }
        judge(in: &group)
        setAlarm()
        world.observer.stands(course.snapshot, in: line)
    }

    func hangUp() { socket?.hangUp() }

    private mutating func perform(_ effect: StreamCourse.Effect, in group: inout DiscardingTaskGroup) {
        switch effect {
        case .dial(let number): dial(number)
        case .hangUp:
            socket?.hangUp()
            socket = nil
        case .send(let message):
            socket?.send(message)
            world.observer.moved(received: 0, sent: message.length, in: line)
        case .dropSet: set = nil
        case .submit(let events, _, let part): judging[part, default: Judging(width: Self.width)].add(events)
        case .sign(let challenge): tell(.signed(sign(challenge)))
        case .pauseReading: socket?.pause()
        case .resumeReading: socket?.resume()
        case .note(let fact): world.observer.happened(fact, in: line)
        case .prepare, .step, .follow, .load: read(for: effect, in: &group)
        }
    }

    private mutating func dial(_ number: UInt64) {
        let socket = StreamSocket()
        self.socket = socket
        judging = [:]
        let (line, world, inbox, place) = (line, world, inbox, place)
        socket.dial(line.relay, through: world.connector) { news, bytes in
            if case .received(let messages, _, let length) = news {
                world.sightings.note(messages, of: line.relay, except: place)
                world.observer.moved(received: length, sent: 0, in: line)
            }
            guard let heard = StreamCourse.Heard(news, feed: world.store.latest) else { return }
            inbox.yield(.input(.heard(number, heard), socket, bytes: bytes))
        }
    }

    private func tell(_ heard: StreamCourse.Heard) { inbox.yield(.input(.heard(course.number, heard))) }

    /// One timer, for the next deadline; one that turns out to be early does no harm.
    private mutating func setAlarm() {
        let now = world.clock.uptime()
        if let alarm, alarm <= now { self.alarm = nil }
        guard let deadline = course.nextDeadline, alarm.map({ deadline < $0 }) ?? true else { return }
        alarm = max(deadline, now)
        world.clock.after(max(.zero, deadline - now)) { [inbox] in inbox.yield(.input(.tick)) }
    }

    /// Hands to our own door what may be under way at one time.
    private mutating func judge(in group: inout DiscardingTaskGroup) {
        for part in [StreamCourse.Part.live, .filling] {
            while let (events, bytes) = judging[part]?.next() {
                let (source, number) = (IngestSource.stream(line.stream, line.relay), course.number)
                group.addTask { [world, inbox] in
                    let refused = RefusedIDs()
                    let importer = EventImporter(ingest: world.ingest, source: source, told: refused.note)
                    let report = await importer.judge(events)
                    let judged = StreamCourse.Heard.judged(part, bytes: bytes, report, unwanted: refused.ids)
                    inbox.yield(.input(.heard(number, judged)))
                }
            }
        }
    }

    /// Signs for the URL that was dialled (NIP-42).
    private func sign(_ challenge: String) -> Event {
        UnsignedEvent(
            pubkey: world.key.publicKey, createdAt: world.clock.wall(), kind: .clientAuthentication,
            tags: [Tag(["relay", line.relay.text]), Tag(["challenge", challenge])], content: ""
        ).signed(by: world.key)
    }

    /// Has our store read, elsewhere.
    private func read(for effect: StreamCourse.Effect, in group: inout DiscardingTaskGroup) {
        let reading = StreamReading(line: line, world: world, place: place)
        let (number, set) = (course.number, set)
        group.addTask { [inbox] in
            let heard: StreamCourse.Heard
            do {
                switch effect {
                case .prepare:
                    let (set, preparation) = try await reading.prepare()
                    inbox.yield(.prepared(number, set, preparation))
                    return
                case .step(let text): heard = try await reading.step(text, set)
                case .follow(let position): heard = try await reading.follow(after: position)
                case .load(let ids): heard = .loaded(try await reading.load(ids))
                case .dial, .hangUp, .send, .dropSet, .submit, .sign, .pauseReading, .resumeReading, .note:
                    return
                }
            } catch { heard = .storeFailed("\(error)") }
            inbox.yield(.input(.heard(number, heard)))
        }
    }
}
