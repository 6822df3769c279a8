// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// The head of a server's answer to an upgrade request (RFC 6455 §4.2.2).
struct ResponseHead: Hashable, Sendable {
    var status: Int
    /// Names in lower case.
    var headers: [(name: String, value: String)]

    /// Reads a head.
    ///
    /// - Parameter text: without the empty line at its end.
    /// - Returns: `nil` for what is no HTTP/1.x head.
    init?(_ text: some Collection<UInt8>) {
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line[...], as: UTF8.self)
        }
        guard !lines.isEmpty else { return nil }
        let words = lines.removeFirst().split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
            let status = Int(words[1]), (100...999).contains(status)
        else { return nil }
        self.status = status
        headers = []
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex, !line.hasPrefix(" ") else {
                return nil
            }
            headers.append((line[..<colon].lowercased(), Self.trimmed(line[line.index(after: colon)...])))
        }
    }

    /// What is wrong with a 101 as the answer to a request with this key, or `nil`; extensions apart.
    func flaw(key: String) -> String? {
        if values("upgrade").map({ $0.lowercased() }) != ["websocket"] { return "no upgrade to websocket" }
        let connection = values("connection").flatMap { $0.split(separator: ",") }
        if !connection.contains(where: { Self.trimmed($0).lowercased() == "upgrade" }) {
            return "no connection upgrade"
        }
        if values("sec-websocket-accept") != [HandshakeKey.accept(for: key)] { return "wrong accept key" }
        if !values("sec-websocket-protocol").isEmpty { return "a subprotocol nobody asked for" }
        return nil
    }

    /// What was agreed upon about compression; `nil` for nothing.
    ///
    /// - Throws: ``DialError/badExtension`` for an answer that does not fit the offer.
    func deflate(wasOffered: Bool) throws(DialError) -> DeflateTerms? {
        let lines = values("sec-websocket-extensions")
        if lines.isEmpty { return nil }
        guard wasOffered, let terms = DeflateTerms(acceptedIn: lines) else { throw .badExtension }
        return terms
    }

    private func values(_ name: String) -> [String] {
        headers.filter { $0.name == name }.map(\.value)
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return String(text)
    }

    static func == (a: ResponseHead, b: ResponseHead) -> Bool {
        a.status == b.status && a.headers.elementsEqual(b.headers, by: ==)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(status)
    }
}
