// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Filter {
    /// Whether every condition holds. ``limit`` plays no part.
    public func matches(_ event: Event) -> Bool {
        matches(json: event.json.span, layout: event.layout, id: event.id, pubkey: event.pubkey)
    }

    /// The same on canonical bytes, without allocating.
    public func matches(json: Span<UInt8>, layout: EventLayout, id: EventID, pubkey: PublicKey) -> Bool {
        fatalError("not written yet")
    }
}
