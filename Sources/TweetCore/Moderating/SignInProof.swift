// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// By what a moderator has signed in; what they began with it ends when it is theirs no more.
public enum SignInProof: Hashable, Sendable {
    /// The SHA-256 of a token, in hexadecimal digits.
    case token(String)
    /// A public key, in hexadecimal digits.
    case key(String)
}

extension Moderator {
    /// Whether this proof still signs them in.
    public func has(_ proof: SignInProof) -> Bool {
        switch proof {
        case .token(let hash): tokenHash == hash
        case .key(let hex): key == hex
        }
    }
}

/// Whether two texts are the same; of equally long ones it takes the same time wherever they differ.
func isSameSecret(_ a: String, _ b: String) -> Bool {
    a.utf8.count == b.utf8.count && zip(a.utf8, b.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
}
