// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayServer
import RelayTransport

extension WireSettings {
    func apply(to configuration: inout RelayServerConfiguration) {
        configuration.transportLimits.compresses = compresses
        configuration.transportLimits.trustedProxies = trustedProxies
        configuration.rates = rates
    }
}
