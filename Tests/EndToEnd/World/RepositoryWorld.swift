// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TestSupport

/// Many repositories, half of them announced for our domain, and some noise.
struct RepositoryWorld: Sendable {
    /// The authority that announcements list when they are ours.
    static let domain = "nest.example.com"

    let ours: [Repository]
    let theirs: [Repository]
    /// Lists of GRASP servers (kind 10317), which are gathered from anybody.
    let lists: [Event]
    /// Notes that have to do with nothing.
    let noise: [Event]

    /// - Parameter count: repositories altogether; the even ones are ours.
    init(repositories count: Int, start: Int64 = 1_740_000_000) {
        let all = (0..<count).map { number in
            // Names that only sound like ours must not count.
            let theirs = ["\(Self.domain).evil.example", "evil-\(Self.domain)", "elsewhere.example.org"]
            let services = number % 2 == 0 ? [Self.domain] : [theirs[number / 2 % theirs.count]]
            return Repository(
                number: number, announced: .init(services: services), start: start + Int64(number) * 50_000)
        }
        ours = all.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        theirs = all.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        lists = (0..<5).map {
            .fixture(
                kind: .graspList, at: start + Int64($0), tags: [.of("g", "wss://\(Self.domain)")],
                by: 700 + $0)
        }
        noise = (0..<40).map { .fixture(at: start + Int64($0) * 9, content: "noise \($0)", by: 710 + $0) }
    }

    /// Everything that the upstream holds at first.
    var events: [Event] { (ours + theirs).flatMap(\.events) + lists + noise }
    /// Ids of everything that is ours.
    var ourIDs: Set<EventID> { Set(ours.flatMap(\.events).map(\.id)) }
    /// Ids of what is gathered from anybody.
    var listIDs: Set<EventID> { Set(lists.map(\.id)) }

    /// Issues and replies of the last seconds before `now`: `count` about our repositories, as many about others'.
    func fresh(_ count: Int, at now: Int64, seed: UInt64) -> (ours: [Event], theirs: [Event]) {
        var rng = SplitMix64(seed: seed)
        func about(_ repositories: [Repository]) -> [Event] {
            (0..<count).map { index in
                let repository = repositories[index % repositories.count]
                let at = now - Int64(count - index)
                if index % 2 == 0 { return Repository.root(of: repository.address, at: at, using: &rng) }
                let root = repository.roots[index % repository.roots.count]
                return Repository.reply(to: root, under: root, of: nil, at: at, using: &rng)
            }
        }
        return (about(ours), about(theirs))
    }
}
