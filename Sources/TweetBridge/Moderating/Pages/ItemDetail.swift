// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// One item with everything that helps to decide about it.
struct ItemDetail: Sendable {
    var line: ItemLine
    /// The whole text.
    var text: String
    /// Its author or X says so.
    var isSensitive = false
    /// Facts about it, in order.
    var facts: [Fact] = []
    var media: [Medium] = []
    /// The posts that it is about.
    var references: [Reference] = []
    var preview: Preview
    var trail: [AuditEntry] = []

    struct Fact: Hashable, Sendable {
        var name: String
        var value: String
    }

    struct Medium: Hashable, Sendable {
        var type: String
        var url: String
        var alternativeText: String?
        /// The path of a picture on our own port.
        var picture: String?
    }

    struct Reference: Hashable, Sendable {
        var kind: Post.Reference.Kind
        var who: String
        var url: String
        /// `nil` where the post is not known.
        var text: String?
    }

    /// What approval would make of it, or has made of it.
    enum Preview: Sendable {
        case events([UnsignedEvent], isPublished: Bool)
        /// What would be done on X.
        case order(OutboundOrder)
        /// There is nothing to be seen; says why.
        case none(String)
    }
}
