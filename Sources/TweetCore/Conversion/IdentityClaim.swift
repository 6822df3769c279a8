// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// That a key and an account of X are the same person's, before anybody has looked (NIP-39).
public struct IdentityClaim: Hashable, Sendable {
    public var key: PublicKey
    public var handle: Handle
    /// The post that says so.
    public var proof: PostID

    public init(key: PublicKey, handle: Handle, proof: PostID) {
        (self.key, self.handle, self.proof) = (key, handle, proof)
    }

    /// What an event claims in its `i` tags: kind 10011, and kind 0 as it was done before; at most ten.
    public static func claims(in event: Event) -> [IdentityClaim] {
        guard event.kind == .identities || event.kind == .metadata else { return [] }
        var found: [IdentityClaim] = []
        for tag in event.tags where tag.name == "i" && tag.elements.count > 2 && found.count < 10 {
            let parts = tag.elements[1].string.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "twitter", let handle = Handle(parts[1]),
                let proof = PostID(tag.elements[2].string)
            else { continue }
            found.append(IdentityClaim(key: event.pubkey, handle: handle, proof: proof))
        }
        return found
    }

    /// Whether the post proves it: the account wrote it, and the key stands in it.
    public func verdict(on post: Post?, by owner: UserID) -> Verdict {
        guard let post, post.id == proof else { return .noPost }
        guard post.author == owner else { return .ofSomebodyElse }
        // What somebody else wrote proves nothing, whoever repeats it.
        guard !post.references.contains(where: { $0.kind == .retweeted }) else { return .ofSomebodyElse }
        return WordText(post.longText?.text ?? post.text).has(key.npub) ? .proved : .withoutKey
    }

    public enum Verdict: Hashable, Sendable {
        case proved
        case noPost, ofSomebodyElse, withoutKey

        /// For the operator.
        public var text: String {
            switch self {
            case .proved: "proved"
            case .noPost: "the post is not to be had"
            case .ofSomebodyElse: "the post was written by somebody else"
            case .withoutKey: "the key does not stand in the post (npub1…)"
            }
        }
    }
}

extension Kind {
    /// NIP-39: who somebody is elsewhere.
    public static let identities: Kind = 10011
}

/// What becomes of a mirror whose account has proved a key of its own.
public enum ClaimOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    /// It goes on, and says where its owner writes.
    case mirror
    /// It says so, and ends.
    case stop
    /// It says so and ends, and its key becomes its owner's.
    case handOver = "hand-over"
}
