// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Rejection {
    /// Why, as one of a closed set of words: for metrics.
    public enum Class: String, Hashable, Sendable, CaseIterable {
        case wrongID = "wrong-id"
        case badSignature = "bad-signature"
        case expired, deleted, vanished
        case tooFarAhead = "too-far-ahead"
        case tooOld = "too-old"
        case authenticationEvent = "authentication-event"
        case tooLarge = "too-large"
        case tooManyTags = "too-many-tags"
        case contentTooLong = "content-too-long"
        case tooLittleWork = "too-little-work"
        case protected, unrelated, unindexable
        /// The operator's lists say so.
        case moderated
        /// An admission rule said so.
        case rule
    }

    public var `class`: Class {
        switch self {
        case .wrongID: .wrongID
        case .badSignature: .badSignature
        case .expired: .expired
        case .deleted: .deleted
        case .vanished: .vanished
        case .tooFarAhead: .tooFarAhead
        case .tooOld: .tooOld
        case .authenticationEvent: .authenticationEvent
        case .tooLarge: .tooLarge
        case .tooManyTags: .tooManyTags
        case .contentTooLong: .contentTooLong
        case .tooLittleWork: .tooLittleWork
        case .protected, .repostOfProtected: .protected
        case .unrelated: .unrelated
        case .unindexable: .unindexable
        case .moderated: .moderated
        case .rule: .rule
        }
    }
}
