// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CCrypto
public import NostrCore

/// How a receiver knows that a message is ours and new: `X-Rookery-Signature: sha256=<hex>`, where `<hex>` is the HMAC-SHA256
/// (RFC 2104) under the hook's secret of the text of `X-Rookery-Timestamp`, a full stop, and the body as sent.
public enum WebhookSignature {
    public static func of(_ body: [UInt8], at timestamp: Timestamp, secret: Secret) -> String {
        let message = Array("\(timestamp.seconds).".utf8) + body
        let key = Array(secret.revealed.utf8)
        var code = [UInt8](repeating: 0, count: 32)
        let made = HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, nil)
        precondition(made != nil, "HMAC with SHA-256 cannot fail")
        return "sha256=\(Hex.string(code))"
    }
}
