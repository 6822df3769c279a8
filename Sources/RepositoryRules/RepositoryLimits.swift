// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound on what is read from one repository event; what lies beyond is ignored.
public enum RepositoryLimits {
    /// Relays that are taken from one announcement, in its order; the service itself wherever it stands.
    public static let relays = 20
    /// Clone URLs that are taken from one announcement, in its order; that of the service wherever it stands.
    public static let cloneURLs = 100
    /// **Bytes** of a URL; longer ones are ignored.
    public static let urlBytes = 2_048
    /// **Bytes** of a URL that is kept of an announcement while it is followed.
    public static let followedURLBytes = 256
    /// Maintainers that are taken from one announcement, in its order.
    public static let maintainers = 200
    /// Refs that are taken from one state, in its order.
    public static let refs = 20_000
    /// **Bytes** of a repository's identifier; a longer one names none.
    public static let identifierBytes = 1_024
    /// Tags of one event that may name others, from its first; see ``EventReferences``.
    public static let references = 1_000
    /// **Bytes** of an event that is taken from anyone.
    public static let fromAnyoneBytes = 64 << 10
    /// Announcements of one identifier that admission looks at together, newest first.
    public static let announcementsPerIdentifier = 50_000
}
