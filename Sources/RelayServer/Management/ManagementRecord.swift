// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Ingest
public import NostrCore

/// What an admin changed, or tried to: for whoever keeps a record of it.
public struct ManagementRecord: Hashable, Sendable {
    public var admin: PublicKey
    public var change: ModerationChange
    /// Why nothing was changed; `nil` when it was.
    public var failure: String?
}
