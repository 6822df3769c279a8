// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import TestSupport

// What people write, and where they publish it.
extension WorldPlan {
    /// A repository that others can name.
    private struct Named {
        let address: String
        let relays: [RelayURL]
    }

    mutating func publish(_ rng: inout SplitMix64) {
        var events = ModelEvents(rng: rng.split())
        var clock = rng.split()
        var named: [Named] = []
        let count = Int.random(in: isBiggest ? 200...200 : isBig ? 20...200 : 1...6, using: &rng)
        for number in 0..<count {
            publishRepository(number, &named, &rng, &events, &clock)
        }
    }

    /// Some relays; of many, a few.
    private func some(_ rng: inout SplitMix64) -> [RelayURL] {
        guard isBig else { return relays.filter { _ in Bool.random(using: &rng) } }
        return Array(relays.shuffled(using: &rng).prefix(Int.random(in: 0...4, using: &rng)))
    }

    /// A moment before or after the beginning, and what the author's clock says then; sometimes many at once.
    private func when(_ clock: inout SplitMix64, after earlier: Uptime? = nil) -> (Uptime, Timestamp) {
        let isHistory = Int.random(in: 0..<3, using: &clock) > 0
        if isHistory, (earlier ?? .zero) == .zero {
            let ago = Bool.random(using: &clock) ? 1000 : Int64.random(in: 1000...100_000, using: &clock)
            return (.zero, Self.start.advanced(by: -ago))
        }
        let from = earlier?.nanoseconds ?? 0
        let most = max(from, faultsEnd.nanoseconds)
        let at = Uptime(nanoseconds: Int64.random(in: from...most, using: &clock))
        var skew = Int64.random(in: -20...20, using: &clock)
        if backdates > 0, Double.random(in: 0..<1, using: &clock) < backdates {
            skew = -Int64.random(in: 1000...100_000, using: &clock)
        }
        return (at, Self.start.advanced(by: at.nanoseconds / 1_000_000_000 + skew))
    }

    private mutating func publishRepository(
        _ number: Int, _ named: inout [Named], _ rng: inout SplitMix64, _ events: inout ModelEvents,
        _ clock: inout SplitMix64
    ) {
        let isOurs = Int.random(in: 0..<4, using: &rng) > 0
        let word = ["alpha", "be:ta/%", "alpha", "gamma"].randomElement(using: &rng)!
        let identifier = isBig ? "\(word)\(number / 4)" : word
        let owner = 1001 + number
        let listed = some(&rng)
        let maintainer = Bool.random(using: &rng) ? 2001 + number : nil
        let (at, created) = when(&clock)
        var tags = [
            ["d", identifier], ["relays"] + listed.map(\.text) + (isOurs ? ["wss://\(Self.service)"] : []),
        ]
        if isOurs { tags.append(["clone", "https://\(Self.service)/x/\(number).git"]) }
        if let maintainer { tags.append(["maintainers", ModelEvents.key(maintainer).hex]) }
        let announcement = events.event(.repositoryAnnouncement, by: owner, at: created, tags)
        add(announcement, at, listed + [relays[0]], &rng)
        let address = announcement.address!.text.string
        if let maintainer {
            let (at, created) = when(&clock)
            let theirs = some(&rng)
            add(
                events.event(
                    .repositoryAnnouncement, by: maintainer, at: created,
                    [
                        ["d", identifier], ["relays"] + theirs.map(\.text),
                        ["maintainers", ModelEvents.key(maintainer + 1000).hex],
                    ]), at, listed + theirs, &rng)
        }
        // The third is a maintainer's maintainer, the last is nobody.
        for author in [owner, maintainer ?? owner, (maintainer ?? owner) + 1000, 99] {
            let (at, created) = when(&clock)
            let state = events.event(.repositoryState, by: author, at: created, [["d", identifier]])
            add(state, at, listed, &rng)
            if author == owner, maintainer != nil { publishLate(state, by: owner, on: listed, &rng, &events) }
        }
        let here = Named(address: address, relays: listed)
        named.append(here)
        let isBusy = Int.random(in: 0..<(isBig ? 20 : 4), using: &rng) == 0
        for _ in 0..<Int.random(in: 0...(isBusy ? 25 : 4), using: &rng) {
            let other = Int.random(in: 0..<4, using: &rng) == 0 ? named.randomElement(using: &rng) : nil
            publishRoot(of: here, and: other, &rng, &events, &clock)
        }
        if Int.random(in: 0..<3, using: &rng) == 0 {
            edit(announcement, tags, owner, at, listed, &rng, &events, &clock)
        }
        guard deletesAnnouncements > 0, Double.random(in: 0..<1, using: &rng) < deletesAnnouncements else {
            return
        }
        delete(announcement, by: owner, on: listed, &rng, &events)
    }

    /// The owner takes back whatever was announced until then.
    private mutating func delete(
        _ announcement: Event, by owner: Int, on listed: [RelayURL], _ rng: inout SplitMix64,
        _ events: inout ModelEvents
    ) {
        let at = Uptime(nanoseconds: Int64.random(in: 0...faultsEnd.nanoseconds, using: &rng))
        let time = Self.start.advanced(by: at.nanoseconds / 1_000_000_000)
        let names = [["e", announcement.id.hex], ["a", announcement.address!.text.string]]
        add(events.event(.deletion, by: owner, at: time, names), at, listed + [relays[0]], &rng)
    }

    /// The owner announces again: other relays, or no longer with us.
    private mutating func edit(
        _ announcement: Event, _ tags: [[String]], _ owner: Int, _ at: Uptime, _ listed: [RelayURL],
        _ rng: inout SplitMix64, _ events: inout ModelEvents, _ clock: inout SplitMix64
    ) {
        let (later, created) = when(&clock, after: at)
        let moved = some(&rng)
        var tags = tags
        let ours = tags[1].filter { $0.hasSuffix(Self.service) }
        tags[1] = ["relays"] + moved.map(\.text) + (Int.random(in: 0..<3, using: &rng) == 0 ? [] : ours)
        let time = max(created, announcement.createdAt.advanced(by: 1))
        add(
            events.event(.repositoryAnnouncement, by: owner, at: time, tags), later, listed + [relays[0]],
            &rng)
    }

    /// Long after the last fault the owner states anew, or takes a state back.
    private mutating func publishLate(
        _ state: Event, by owner: Int, on listed: [RelayURL], _ rng: inout SplitMix64,
        _ events: inout ModelEvents
    ) {
        guard Int.random(in: 0..<3, using: &rng) == 0 else { return }
        let at = faultsEnd + .seconds(Int64.random(in: Self.late...(Self.late + 200), using: &rng))
        let time = Self.start.advanced(by: at.nanoseconds / 1_000_000_000)
        let isDeletion = Bool.random(using: &rng)
        let event =
            isDeletion
            ? events.event(.deletion, by: owner, at: time, [["e", state.id.hex]])
            : events.event(.repositoryState, by: owner, at: time, [["d", state.identifier.string]])
        add(event, at, listed, &rng)
    }

    private mutating func publishRoot(
        of here: Named, and other: Named?, _ rng: inout SplitMix64, _ events: inout ModelEvents,
        _ clock: inout SplitMix64
    ) {
        let listed = here.relays + (other?.relays ?? []).filter { !here.relays.contains($0) }
        let kind = Kind.repositoryRoots.randomElement(using: &rng)!
        let (at, created) = when(&clock)
        let author = Int.random(in: 60...70, using: &rng)
        var tags = [["a", here.address]] + (other.map { [["a", $0.address]] } ?? [])
        if Int.random(in: 0..<4, using: &rng) == 0 {
            // Asked for once, when the root is known: so it must be there by then.
            let quoted = events.event(.textNote, by: author, at: created, [])
            publications.append((at, quoted, relays))
            tags.append(["q", quoted.id.hex])
        }
        let root = events.event(kind, by: author, at: created, tags)
        add(root, at, listed, &rng)
        for _ in 0..<Int.random(in: 0...4, using: &rng) {
            let (at, created) = when(&clock)
            let commenter = Int.random(in: 60...70, using: &rng)
            let letters = [["e"], ["E"], ["q"], ["e", "E"]].randomElement(using: &rng)!
            let comment = events.event(
                .comment, by: commenter, at: created, letters.map { [$0, root.id.hex] })
            add(comment, at, listed, &rng)
            publishReplies(to: comment, at, on: listed, &rng, &events, &clock)
            if Int.random(in: 0..<8, using: &rng) == 0 {
                let (at, created) = when(&clock, after: max(at, Self.seconds(1)))
                add(
                    events.event(.deletion, by: commenter, at: created, [["e", comment.id.hex]]), at, listed,
                    &rng)
            }
        }
    }

    /// What names nothing but the comment that it answers.
    private mutating func publishReplies(
        to comment: Event, _ at: Uptime, on listed: [RelayURL], _ rng: inout SplitMix64,
        _ events: inout ModelEvents, _ clock: inout SplitMix64
    ) {
        var (parent, earlier) = (comment, at)
        for _ in 0..<4 where Int.random(in: 0..<4, using: &rng) == 0 {
            let (at, created) = when(&clock, after: earlier)
            let reply = events.event(
                .comment, by: Int.random(in: 60...70, using: &rng), at: created, [["e", parent.id.hex]])
            add(reply, at, listed, &rng)
            (parent, earlier) = (reply, at)
        }
    }

    private mutating func add(
        _ event: Event, _ at: Uptime, _ relays: [RelayURL], _ rng: inout SplitMix64
    ) {
        var chosen = relays.filter { _ in Bool.random(using: &rng) }
        if chosen.isEmpty, let one = relays.randomElement(using: &rng) { chosen = [one] }
        publications.append((at, event, chosen))
    }
}
