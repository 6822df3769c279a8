// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Ingest

extension RelayServer {
    /// Asks somebody else about every request from now on; `nil`: nobody.
    public func adopt(readPolicy: (any ReadPolicy)?) { services.readGate.adopt(readPolicy) }
}
