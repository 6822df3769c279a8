// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Ingest
public import NostrCore

/// What an admin changed, or tried to: for whoever keeps a record of it.
public struct ManagementRecord: Hashable, Sendable {
    public var admin: PublicKey
    public var method: ManagementMethod
    /// The call's own, as JSON.
    public var parameters: String
    public var change: ModerationChange
    /// Why nothing was changed; `nil` when it was.
    public var failure: String?
    /// What was closed before, and is open now.
    public var openings: [Opening] = []

    /// A list of the allowed has lost its last entry: from now on it shuts nobody out.
    public enum Opening: String, Hashable, Sendable, CaseIterable {
        case pubkeys = "allowed_pubkeys"
        case kinds = "allowed_kinds"
        case repositories = "repository_whitelist"

        public var consequence: String {
            switch self {
            case .pubkeys: "everybody may publish"
            case .kinds: "every kind is taken"
            case .repositories: "every repository may list this relay"
            }
        }
    }
}

extension ManagementRecord.Opening {
    /// What `before` shut out and `after` lets in.
    static func between(_ before: ModerationLists, _ after: ModerationLists) -> [Self] {
        allCases.filter { !$0.isOpen(before) && $0.isOpen(after) }
    }

    private func isOpen(_ lists: ModerationLists) -> Bool {
        switch self {
        case .pubkeys: lists.entries(\.allowedPubkeys).isEmpty
        case .kinds: lists.allowedKinds.isEmpty
        case .repositories: lists.entries(\.allowedRepositories).isEmpty
        }
    }
}
