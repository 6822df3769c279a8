// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What an import does besides keeping what it reads.
public struct ImportOptions: Hashable, Sendable {
    /// Posts of accounts that are mirrored, and that have no event yet, are mirrored now.
    public var queuesUnposted = false
    /// Accounts that are mirrored are read on from behind the newest of their posts in the files.
    public var movesCursors = true
    /// Accounts that the tracker follows are mirrored from now on; those that it had switched off come in switched off.
    public var addsAccounts = true
    /// Media of posts that came in are fetched, though the posts are not mirrored anew.
    public var fetchesMedia = false
    /// Where the events of the files were sent to: they are sent there once more, byte for byte, so that it is known who has
    /// them, and deletions go there.
    public var relays: [RelayURL] = []

    public init() {}
}
