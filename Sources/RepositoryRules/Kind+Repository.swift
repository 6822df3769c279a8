// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

extension Kind {
    /// The kinds that open a conversation in a repository: patches, pull requests, issues.
    public static let repositoryRoots: [Kind] = [.patch, .pullRequest, .issue]

    /// Kinds that grasp admission and a relay of listed keys take from anyone, within ``RepositoryLimits/fromAnyoneBytes``.
    ///
    /// Because anyone may leave them here, being named by one, or naming one, proves nothing.
    public static let fromAnyone: [Kind] = [
        .deletion, .requestToVanish, .relayList, .directMessageRelays, .graspList,
    ]

    /// Events of these kinds say what a repository holds, so that their length is not their author's choice.
    public static let repositoryData: [Kind] = [
        .patch, .pullRequest, .pullRequestUpdate, .repositoryAnnouncement, .repositoryState,
    ]

    /// Whether an event of this kind says what a repository holds.
    public var isRepositoryData: Bool { Self.repositoryData.contains(self) }

    /// Whether an event of this kind opens a conversation in a repository.
    public var isRepositoryRoot: Bool { self == .patch || self == .pullRequest || self == .issue }

    /// Whether an event of this kind goes on with a conversation, so that it may be answered.
    public var isComment: Bool {
        self == .comment || self == .textNote || self == .gitReply || self == .pullRequestUpdate
    }

    /// Whether an accepted event of this kind makes others acceptable.
    public var isAnchor: Bool { !Self.fromAnyone.contains(self) }
}
