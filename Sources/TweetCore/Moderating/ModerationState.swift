// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where something that somebody decides about stands.
public enum ModerationState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nobody has decided. → `approved`, `rejected`, `held`
    case pending
    /// Put aside by a rule or a moderator until somebody looks closely. → `approved`, `rejected`
    case held
    /// It may be done. → `executed`, `failed`, and back while it is not done: `rejected`, `held`
    case approved
    /// It is not done, ever.
    case rejected
    /// It was done. → `failed`, when that turns out not to be so
    case executed
    /// It was tried and could not be done. → `approved`, `rejected`
    case failed

    /// Whether it may become `next`.
    public func mayBecome(_ next: ModerationState) -> Bool {
        switch self {
        case .pending: next == .approved || next == .rejected || next == .held
        case .held: next == .approved || next == .rejected
        case .approved: next == .executed || next == .failed || next == .rejected || next == .held
        case .failed: next == .approved || next == .rejected
        case .executed: next == .failed
        case .rejected: false
        }
    }

    /// Whether it waits for a person.
    public var isOpen: Bool { self == .pending || self == .held }
}
