// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayServer

extension WireSettings {
    func apply(to configuration: inout RelayServerConfiguration) {
        configuration.transportLimits.compresses = compresses
    }
}
