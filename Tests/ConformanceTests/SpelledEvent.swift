// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An event whose JSON is exactly the text that a test wrote, hashed and signed as written.
struct SpelledEvent: Sendable {
    var author = Author()
    /// JSON, as everything below.
    var createdAt = "\(Int64.now)"
    var kind = "1"
    var tags = "[]"
    /// What stands between the quotes.
    var content = ""

    /// The hash of the pre-image, 64 digits.
    var id: String { Hex.string(hash.bytes) }

    /// The signed event.
    var json: String { json(withID: hash) }

    /// The event under another id, signed all the same.
    func json(withID id: Bytes32) -> String {
        json(withID: id, signature: Hex.string(author.key.sign(id)))
    }

    /// The event under any id, with any signature.
    func json(withID id: Bytes32, signature: String) -> String {
        let id = Hex.string(id.bytes)
        return #"{"id":"\#(id)","pubkey":"\#(author.hex)","created_at":\#(createdAt),"kind":\#(kind),"#
            + #""tags":\#(tags),"content":"\#(content)","sig":"\#(signature)"}"#
    }

    var hash: Bytes32 {
        SHA256.digest(Array(#"[0,"\#(author.hex)",\#(createdAt),\#(kind),\#(tags),"\#(content)"]"#.utf8))
    }
}
