// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// That the store keeps sums of what belongs to repositories, so that whoever asks for some of them by their addresses reconciles that
/// without reading all of it (NIP-77).
///
/// Such filters ask for one letter, any kind by `#a`, `#A` or `#q`, states by `#d`, and nothing else but a span of time.
public struct RepositoryGroups: Hashable, Sendable {
    /// Kinds that are left out, because not everybody may read them.
    public let leavingOut: [Kind]

    public init(leavingOut kinds: [Kind] = []) { leavingOut = Array(Set(kinds)).sorted() }

    /// What groups are made of; another number has all made anew.
    private static let version = 1

    /// Tells these groups from others.
    var row: [UInt8] {
        Array("groups \(Self.version)\(leavingOut.map { " \($0.rawValue)" }.joined())".utf8)
    }
}
