// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
import TweetCore

/// Tokens that sign in: 256 bits of chance, so that nobody guesses one.
public enum SignInToken {
    /// A new one, 43 letters and digits.
    public static func make() -> String { Base64.url.encoded(chance().bytes) }

    /// 32 bytes of the system's generator.
    public static func chance() -> Bytes32 {
        var generator = SystemRandomNumberGenerator()
        return Bytes32(words: (generator.next(), generator.next(), generator.next(), generator.next()))
    }
}
