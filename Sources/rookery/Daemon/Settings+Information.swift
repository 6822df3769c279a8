// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RelayServer

extension Settings {
    /// What NIP-11 tells; `key` is the relay's own.
    func information(key: PublicKey) -> RelayInformation {
        var information = RelayInformation()
        information.name = relay.name
        information.description = relay.description
        information.pubkey = relay.publicKey
        information.contact = relay.contact
        information.icon = relay.icon
        information.banner = relay.banner
        information.termsOfService = relay.termsOfService
        information.relayKey = key.hex
        information.version = Version.text
        return information
    }
}
