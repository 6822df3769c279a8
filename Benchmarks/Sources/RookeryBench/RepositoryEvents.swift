// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Repositories that list one service, each with a state, roots and replies; the same bytes on every machine.
struct RepositoryEvents {
    static let service = "gather.bench"
    static let roots = 10
    static let replies = 2
    private static let owners = 100

    /// Everything about so many repositories: 33 events each, a list of services included as long as there are keys.
    static func make(_ repositories: Int, keys: [SecretKey]) -> [Event] {
        (0..<repositories).flatMap { number in
            let (owner, time) = (keys[number % owners], Int64(1_735_689_600 + number * 600))
            func event(
                _ kind: Kind, _ tags: [Tag], _ content: String = "", by key: SecretKey, after seconds: Int64
            ) -> Event {
                UnsignedEvent(
                    pubkey: key.publicKey, createdAt: Timestamp(time + seconds), kind: kind, tags: tags,
                    content: content
                ).signed(by: key)
            }
            let name = "repository-\(number)"
            let announcement = event(
                .repositoryAnnouncement,
                [
                    Tag(["d", name]), Tag(["clone", "https://\(service)/npub/\(name).git"]),
                    Tag(["relays", "wss://\(service)"]),
                ], by: owner, after: 0)
            let state = event(
                .repositoryState, [Tag(["d", name]), Tag(["refs/heads/main", "c0ffee"])], by: owner, after: 1)
            var events = [announcement, state]
            if owners + number < keys.count {
                let list = [Tag(["g", "wss://\(service)"])]
                events.append(event(.graspList, list, by: keys[owners + number], after: 2))
            }
            for root in 0..<roots {
                let author = keys[(number * roots + root) % keys.count]
                let issue = event(
                    .issue, [Tag(["a", announcement.address?.text.string ?? ""])], "issue \(root) of \(name)",
                    by: author, after: Int64(10 + root))
                events.append(issue)
                for reply in 0..<replies {
                    let id = issue.id.hex
                    events.append(
                        event(
                            .comment, [Tag(["E", id]), Tag(["e", id])], "reply \(reply)", by: author,
                            after: Int64(100 + root * replies + reply)))
                }
            }
            return events
        }
    }
}
