// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CCrypto
import Foundation

/// Encrypts tokens with a key that lies beside the store, so that copies of the store alone give nothing away.
///
/// AES-256-GCM: `nonce (12) ‖ tag (16) ‖ text`.
public struct TokenSeal: Sendable {
    private let key: [UInt8]

    /// - Returns: `nil` unless there are 32 bytes.
    public init?(key: [UInt8]) {
        guard key.count == 32 else { return nil }
        self.key = key
    }

    /// Reads the key from a file, or makes both, with mode 0600.
    public init(file path: String) throws(BridgeStoreError) {
        if let bytes = FileManager.default.contents(atPath: path) {
            guard let seal = TokenSeal(key: Array(bytes)) else {
                throw .failed("\(path) is no key of 32 bytes")
            }
            self = seal
            return
        }
        var key = [UInt8](repeating: 0, count: 32)
        guard RAND_bytes(&key, 32) == 1 else { throw .failed("no chance for a key") }
        // O_EXCL: of two that make it, one reads the other's the next time.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .failed("\(path): \(String(cString: strerror(errno)))") }
        defer { close(file) }
        guard write(file, key, key.count) == key.count, fsync(file) == 0 else {
            unlink(path)
            throw .failed("\(path): \(String(cString: strerror(errno)))")
        }
        self.key = key
    }

    func sealed(_ text: [UInt8], name: String) throws(BridgeStoreError) -> [UInt8] {
        var nonce = [UInt8](repeating: 0, count: 12)
        guard RAND_bytes(&nonce, 12) == 1 else { throw .failed("no chance for a nonce") }
        var output = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: 16)
        let done = withCipher { context in
            var length: Int32 = 0
            return EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
                && EVP_EncryptUpdate(context, nil, &length, Array(name.utf8), Int32(name.utf8.count)) == 1
                && EVP_EncryptUpdate(context, &output, &length, text, Int32(text.count)) == 1
                && EVP_EncryptFinal_ex(context, nil, &length) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, &tag) == 1
        }
        guard done else { throw .failed("a token could not be encrypted") }
        return nonce + tag + output
    }

    /// - Parameter name: as it was when it was sealed.
    func opened(_ sealed: [UInt8], name: String) throws(BridgeStoreError) -> [UInt8] {
        guard sealed.count >= 28 else { throw .unreadable("a token") }
        let nonce = Array(sealed[..<12])
        var tag = Array(sealed[12..<28])
        let text = Array(sealed[28...])
        var output = [UInt8](repeating: 0, count: text.count)
        let done = withCipher { context in
            var length: Int32 = 0
            return EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1
                && EVP_DecryptUpdate(context, nil, &length, Array(name.utf8), Int32(name.utf8.count)) == 1
                && EVP_DecryptUpdate(context, &output, &length, text, Int32(text.count)) == 1
                && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, 16, &tag) == 1
                && EVP_DecryptFinal_ex(context, nil, &length) == 1
        }
        // Another key, or another credential's row.
        guard done else { throw .unreadable("a token that was sealed with another key") }
        return output
    }

    private func withCipher(_ use: (OpaquePointer?) -> Bool) -> Bool {
        let context = EVP_CIPHER_CTX_new()
        defer { EVP_CIPHER_CTX_free(context) }
        return context != nil && use(context)
    }
}
