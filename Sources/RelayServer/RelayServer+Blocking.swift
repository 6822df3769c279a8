// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
public import NostrCore
import RelayTransport

extension RelayServer {
    /// Serves nobody at these addresses, until others are named; for once the server has started.
    public func block(_ addresses: AddressPrefixSet) {
        running.withLockedValue(\.listener)?.block(addresses)
    }
}
