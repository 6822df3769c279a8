// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// What stands for keys, events, relays and networks in a line of text: NIP-19, relay URLs, addresses and their prefixes. Each has one
/// normal form.
enum NameFuzzer {
    static func feed(_ input: FuzzInput) {
        let text = input.text
        if let entity = NIP19Entity(bech32: text) {
            claim(
                entity.bech32.flatMap { NIP19Entity(bech32: $0) } == entity,
                "an entity is written differently")
        }
        if let key = PublicKey(anyForm: text) {
            claim(PublicKey(anyForm: key.npub) == key && PublicKey(hex: key.hex) == key, "a key differs")
        }
        relayURL(text)
        if let address = NetworkAddress(text) {
            claim(NetworkAddress(address.description) == address, "an address is written differently")
        }
        if let prefix = AddressPrefix(text) {
            claim(AddressPrefix(prefix.description) == prefix, "a prefix is written differently")
            claim(prefix.contains(prefix.first), "a prefix without its first address")
        }
        if let range = KindSet.range(text) {
            claim(KindSet.range(KindSet.text(range)) == range, "kinds are written differently")
        }
    }

    private static func relayURL(_ text: String) {
        guard let url = try? RelayURL(text) else { return }
        guard let again = try? RelayURL(url.text) else { fatalError("a normal form is refused") }
        claim(again == url && again.text == url.text, "a normal form is not the last")
        claim(url.text.utf8.count <= CodecLimits.maxRelayURLLength, "a relay's address is too long")
        claim(url.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "a relay's address is not plain")
        claim((1...65_535).contains(url.port), "a port that is none")
        claim(url.host == again.host && url.port == again.port && url.path == again.path, "the parts differ")
    }
}
