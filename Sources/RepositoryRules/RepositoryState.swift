// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What a maintainer says a repository's refs are (NIP-34, kind 30618).
public struct RepositoryState: Sendable, Hashable {
    /// The event it was read from.
    public let id: EventID
    public let author: PublicKey
    /// The `d` tag: never empty, otherwise any text.
    public let identifier: TagValue
    public let createdAt: Timestamp
    /// Ref name → object id, as written. Peeled tags (`…^{}`) are not refs and are left out.
    public let refs: [TagValue: TagValue]
    /// The ref that `HEAD` points at, as in `refs/heads/main`.
    public let head: TagValue?

    /// - Returns: `nil` for another kind, and without a `d` tag.
    public init?(_ event: Event) {
        guard event.kind == .repositoryState else { return nil }
        let identifier = event.identifier
        guard !identifier.isEmpty else { return nil }
        id = event.id
        author = event.pubkey
        self.identifier = identifier
        createdAt = event.createdAt
        var refs: [TagValue: TagValue] = [:]
        var head: TagValue?
        for tag in event.tags {
            guard let name = tag.name, let value = tag.value else { continue }
            if name == "HEAD" {
                head = head ?? Self.target(value)
            } else if Self.isRef(name), refs[name] == nil, refs.count < RepositoryLimits.refs {
                refs[name] = value
            }
        }
        self.refs = refs
        self.head = head
    }

    /// The state in force: the newest by one of the maintainers; of equally new ones that with the lowest id.
    public static func authoritative(
        among states: some Sequence<RepositoryState>, maintainers: Set<PublicKey>
    ) -> RepositoryState? {
        states.lazy.filter { maintainers.contains($0.author) }.min { a, b in
            a.createdAt != b.createdAt ? a.createdAt > b.createdAt : a.id < b.id
        }
    }

    private static func isRef(_ name: TagValue) -> Bool {
        let isNamed =
            name.bytes.starts(with: "refs/heads/".utf8) || name.bytes.starts(with: "refs/tags/".utf8)
        return isNamed && !name.bytes.suffix(3).elementsEqual("^{}".utf8)
    }

    /// `ref: refs/heads/main` → `refs/heads/main`.
    private static func target(_ value: TagValue) -> TagValue? {
        let prefix = Array("ref: ".utf8)
        guard value.bytes.starts(with: prefix), value.bytes.count > prefix.count else { return nil }
        return TagValue(bytes: Array(value.bytes.dropFirst(prefix.count)))
    }
}
