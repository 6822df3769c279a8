// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the operator tells about the relay (NIP-11). Empty texts are left out.
public struct RelayInformation: Hashable, Sendable {
    public var name = ""
    public var description = ""
    /// 64 hexadecimal digits: the operator's key.
    public var pubkey = ""
    /// A URI by which the operator is reached.
    public var contact = ""
    public var icon = ""
    public var banner = ""
    public var termsOfService = ""
    /// 64 hexadecimal digits: the relay's own key.
    public var relayKey = ""
    /// Which repositories are taken, in a sentence or two (GRASP-01); empty when any event is.
    public var acceptance = ""
    /// What the operator picks and turns away beyond spam, in a sentence or two (GRASP-01).
    public var curation = ""
    /// Whether not every valid event is stored.
    public var hasRestrictedWrites = false
    /// Whether nobody reads who has not shown a key.
    public var requiresAuthentication = false
    /// The URL of its home page, or its name.
    public var software = "rookery"
    public var version = ""

    public init() {}
}
