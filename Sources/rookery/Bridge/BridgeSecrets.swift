// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import TweetCore

/// What a bridge must know and must not tell: read once, from files that only their owner may read or from the environment.
struct BridgeSecrets {
    let bearerToken: Secret
    let seed: Seed
    let oauth: OAuthClientFile?
    /// What messages to webhooks are signed with; `nil` where there are none.
    let webhookSecret: Secret?

    /// Longest file, in **bytes**.
    private static let maxLength = 16_384

    /// - Throws: one line that names the key and never the value.
    init(_ settings: BridgeSettings) throws(CommandFailure) {
        bearerToken = Secret(
            try Self.read(settings.bearerToken, settings.bearerTokenFile, key: "bridge.bearer_token_file"))
        let words = try Self.read(settings.mnemonic, settings.mnemonicFile, key: "bridge.mnemonic_file")
        do { seed = try Mnemonic(words).seed } catch {
            throw CommandFailure("bridge.mnemonic\(settings.mnemonic.isEmpty ? "_file" : ""): \(error)")
        }
        oauth = try OAuthClientFile(settings.links)
        webhookSecret =
            settings.links.webhooks.isEmpty
            ? nil
            : Secret(
                try Self.read(
                    settings.links.webhookSecret, settings.links.webhookSecretFile,
                    key: "bridge.webhook_secret_file"))
    }

    /// - Throws: one line that never holds the value.
    static func bearerToken(at path: String) throws(CommandFailure) -> Secret {
        Secret(try read("", path, key: "bridge.bearer_token_file"))
    }

    /// A value that is set, or what a file of its owner's alone holds, with single blanks between its words.
    static func read(_ value: String, _ path: String, key: String) throws(CommandFailure) -> String {
        if !value.isEmpty { return value }
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandFailure("\(key): \(path): \(SystemError.last)") }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure("\(key): \(path): a secret that others may read; run chmod 600 on it")
        }
        let text: String
        do { text = try SmallFile.text(at: path, max: maxLength) } catch {
            throw CommandFailure("\(key): \(path): \(error)")
        }
        let value = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !value.isEmpty else { throw CommandFailure("\(key): \(path): is empty") }
        return value
    }
}
