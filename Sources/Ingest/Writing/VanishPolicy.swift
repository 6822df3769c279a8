// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
public import RepositoryRules

/// Which requests to vanish (NIP-62) this relay is meant by: those that name it, or everybody.
public struct VanishPolicy: Sendable, Hashable {
    /// The names this relay has.
    public var authorities: [ServiceAuthority]

    private static let everybody = TagValue("ALL_RELAYS")

    public init(authorities: [ServiceAuthority] = []) { self.authorities = authorities }

    /// Whether an event asks this relay to forget its author. Scheme and path of a relay's URL do not matter.
    func isMeant(by event: Event) -> Bool {
        guard event.kind == .requestToVanish else { return false }
        return event.tags.contains { tag in
            guard tag.name == "relay", let value = tag.value else { return false }
            if value == Self.everybody { return true }
            guard let relay = try? RelayURL(value.string) else { return false }
            return authorities.contains { $0.matches(relay) }
        }
    }
}
