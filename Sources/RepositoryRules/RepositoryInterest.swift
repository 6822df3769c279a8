// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Which announcements this service is about for their own sake: those that list it, and the archive's.
public struct RepositoryInterest: Sendable, Hashable {
    /// `nil` when the service has no name: then only the archive counts.
    public var service: ServiceAuthority?
    public var archive: [ArchivePattern]
    /// What the operator takes of those that list the service, and what never.
    public var curation: RepositoryCuration

    public init(
        service: ServiceAuthority?, archive: [ArchivePattern] = [],
        curation: RepositoryCuration = RepositoryCuration()
    ) {
        self.service = service
        self.archive = archive
        self.curation = curation
    }

    /// Whether an announcement needs no other to be accepted and followed.
    public func includes(_ announcement: RepositoryAnnouncement) -> Bool {
        let address = announcement.address
        if curation.bars(address) { return false }
        if let service, announcement.lists(service), curation.welcomes(address) { return true }
        guard !archive.isEmpty else { return false }
        return archive.contains { $0.matches(address) }
    }
}
