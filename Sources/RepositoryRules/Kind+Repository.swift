// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension Kind {
    /// The kinds that open a conversation in a repository: patches, pull requests, issues.
    public static let repositoryRoots: [Kind] = [.patch, .pullRequest, .issue]

    /// Kinds that grasp admission takes from anyone, within ``RepositoryLimits/fromAnyoneBytes``.
    ///
    /// Because anyone may leave them here, being named by one, or naming one, proves nothing.
    public static let fromAnyone: [Kind] = [
        .deletion, .requestToVanish, .relayList, .directMessageRelays, .graspList,
    ]

    /// Whether an event of this kind says what a repository holds, so that its length is not its author's choice.
    public var isRepositoryData: Bool {
        switch self {
        case .repositoryAnnouncement, .repositoryState, .patch, .pullRequest, .pullRequestUpdate: true
        default: false
        }
    }

    /// Whether an event of this kind opens a conversation in a repository.
    public var isRepositoryRoot: Bool { self == .patch || self == .pullRequest || self == .issue }

    /// Whether an event of this kind goes on with a conversation, so that it may be answered.
    public var isComment: Bool {
        self == .comment || self == .textNote || self == .gitReply || self == .pullRequestUpdate
    }

    /// Whether an accepted event of this kind makes others acceptable.
    public var isAnchor: Bool { !Self.fromAnyone.contains(self) }
}
