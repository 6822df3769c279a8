// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Which announcements this service is about for their own sake: those that list it, and the archive's.
public struct RepositoryInterest: Sendable, Hashable {
    /// `nil` when the service has no name: then only the archive counts.
    public var service: ServiceAuthority?
    public var archive: [ArchivePattern]

    public init(service: ServiceAuthority?, archive: [ArchivePattern] = []) {
        self.service = service
        self.archive = archive
    }

    /// Whether an announcement needs no other to be accepted and followed.
    public func includes(_ announcement: RepositoryAnnouncement) -> Bool {
        if let service, announcement.lists(service) { return true }
        guard !archive.isEmpty else { return false }
        let address = announcement.address
        return archive.contains { $0.matches(address) }
    }
}
