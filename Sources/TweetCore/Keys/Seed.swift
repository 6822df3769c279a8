// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CCrypto

/// The 64 bytes that all keys of a bridge are derived from (BIP-39). Never printed, never compared.
public struct Seed: Sendable {
    let secret: SecretBytes

    /// - Returns: `nil` unless there are 64 bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 64 else { return nil }
        secret = SecretBytes(bytes)
    }

    /// PBKDF2 with HMAC-SHA512 and 2,048 rounds.
    init(password: [UInt8], salt: [UInt8]) {
        var output = [UInt8](repeating: 0, count: 64)
        let done = password.withUnsafeBytes { password in
            PKCS5_PBKDF2_HMAC(
                password.bindMemory(to: CChar.self).baseAddress, Int32(password.count), salt,
                Int32(salt.count), 2_048, EVP_sha512(), 64, &output)
        }
        precondition(done == 1, "libcrypto has SHA-512, and the words are short")
        secret = SecretBytes(output)
    }
}

/// HMAC with SHA-512 (RFC 2104), by libcrypto.
enum HMAC512 {
    /// The 64 bytes.
    static func code(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: 64)
        let done = HMAC(EVP_sha512(), key, Int32(key.count), message, message.count, &output, nil)
        precondition(done != nil, "libcrypto has SHA-512")
        return output
    }
}
