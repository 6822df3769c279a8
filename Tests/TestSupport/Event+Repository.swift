// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension Event {
    /// A true repository announcement (NIP-34). With a `service`, as in `relay.example`, it lists that one.
    public static func announcement(
        _ identifier: String, by author: Int = 0, service: String? = nil, clone: [String] = [],
        relays: [String] = [], maintainers: [Int] = [], at createdAt: Int64 = 1_700_000_000,
        tags: [Tag] = [], content: String = ""
    ) -> Event {
        var all: [Tag] = [.of("d", identifier)]
        let clone = clone + (service.map { ["https://\($0)/npub/\(identifier).git"] } ?? [])
        let relays = relays + (service.map { ["wss://\($0)"] } ?? [])
        if !clone.isEmpty { all.append(Tag(["clone"] + clone)) }
        if !relays.isEmpty { all.append(Tag(["relays"] + relays)) }
        if !maintainers.isEmpty {
            all.append(Tag(["maintainers"] + maintainers.map { TestKey.publicKey($0).hex }))
        }
        return fixture(
            kind: .repositoryAnnouncement, at: createdAt, tags: all + tags, content: content, by: author)
    }

    /// A true repository state (NIP-34).
    public static func state(
        _ identifier: String, by author: Int = 0, refs: [String: String] = ["refs/heads/main": "c0ffee"],
        at createdAt: Int64 = 1_700_000_000
    ) -> Event {
        let refs = refs.sorted { $0.key < $1.key }.map { Tag.of($0.key, $0.value) }
        let tags: [Tag] = [.of("d", identifier)] + refs + [.of("HEAD", "ref: refs/heads/main")]
        return fixture(kind: .repositoryState, at: createdAt, tags: tags, by: author)
    }
}
