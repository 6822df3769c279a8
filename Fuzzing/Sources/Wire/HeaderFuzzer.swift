// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// Heads, headers, targets and tokens of HTTP: what is asked of a file lies in it, what is decoded and encoded again is the same, and
/// no stranger is believed.
enum HeaderFuzzer {
    private static let verifier = Verifier()

    static func feed(_ input: FuzzInput) {
        let text = input.text
        range(text, size: Int64(input[input.count / 2]) * 7)
        if let head = ResponseHead(input.array) {
            claim((100...999).contains(head.status), "a status that is none")
            claim(head.headers.allSatisfy { $0.name == $0.name.lowercased() }, "a name in upper case")
            _ = head.flaw(key: "dGhlIHNhbXBsZSBub25jZQ==")
            _ = try? head.deflate(wasOffered: true)
        }
        form(text)
        base64(input.array, text)
        if let url = FileURL(text) {
            claim(FileURL(url.text) == url, "a file's address is read differently")
            claim((1...65_535).contains(url.port), "a port that is none")
        }
        // Nobody can sign by chance.
        let credential = try? BlossomCredential(
            [text], for: .upload, domain: "a.test", at: Timestamp(0), skew: 60, verifier: verifier)
        claim(credential == nil, "a token that nobody has signed")
    }

    private static func range(_ header: String, size: Int64) {
        if case .part(let range) = ByteRange(header, size: size) {
            claim(
                range.lowerBound >= 0 && range.upperBound <= size && !range.isEmpty, "a range beyond the file"
            )
        }
    }

    private static func form(_ text: String) {
        let fields = FormFields(text)
        for name in ["a", "state", ""] {
            let values = fields.all(name)
            claim(
                values.first == fields[name] && values.count <= FormFields.most, "fields beyond their bound")
        }
        let spelled = FormFields.spelled([("a", text), ("b", "&=%+ ")])
        let again = FormFields(spelled)
        claim(
            again["a"].map { Array($0.utf8) } == Array(text.utf8) && again["b"] == "&=%+ ", "a form differs")
        _ = FormFields(target: text)
    }

    private static func base64(_ bytes: [UInt8], _ text: String) {
        for spelling in Base64.allCases {
            claim(Base64.decode(spelling.encoded(bytes)) == bytes, "Base64 comes back differently")
        }
        if let decoded = Base64.decode(text) {
            claim(decoded.count <= text.utf8.count * 3 / 4, "Base64 that grows")
        }
    }
}
