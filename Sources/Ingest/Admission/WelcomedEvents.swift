// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Events that are stored though the rules of GRASP have no place for them: of some kinds, by some keys.
///
/// Lists and limits bind them as they bind all others.
public struct WelcomedEvents: Sendable, Hashable {
    public var kinds: Set<Kind>
    public var authors: Set<PublicKey>

    public init(kinds: Set<Kind> = [], authors: Set<PublicKey> = []) {
        self.kinds = kinds
        self.authors = authors
    }

    func contains(_ event: Event) -> Bool {
        kinds.contains(event.kind) && authors.contains(event.pubkey)
    }
}
