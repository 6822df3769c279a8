// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
public import NostrCore
public import RelayTransport

/// Who is behind a name (NIP-05).
public struct NamedKey: Hashable, Sendable {
    public var key: PublicKey
    /// Where to find what they write.
    public var relays: [String]

    public init(_ key: PublicKey, relays: [String]) {
        self.key = key
        self.relays = relays
    }
}

extension HTTPRoute {
    /// `GET /.well-known/nostr.json?name=…` (NIP-05): one name at a time, so that nobody reads them all.
    ///
    /// - Parameter find: who is behind a name in lower case; an error is answered with 503.
    public static func nostrAddresses(
        _ find: @escaping @Sendable (_ name: String) async throws -> NamedKey?
    ) -> HTTPRoute {
        HTTPRoute(
            methods: { $0 == "/.well-known/nostr.json" ? [.GET, .HEAD] : nil },
            headers: ["Access-Control-Allow-Origin": "*"], body: { _ in .collectedUpTo(0) },
            answer: { request in
                guard let name = NostrAddress.name(in: request.target) else {
                    return .now(.json(NostrAddress.document([])))
                }
                return .awaited {
                    do {
                        let found = try await find(name)
                        var answer = HTTPResponse.json(
                            NostrAddress.document(found.map { [(name, $0)] } ?? []))
                        answer.headers.replaceOrAdd(name: "Cache-Control", value: "public, max-age=300")
                        return answer
                    } catch {
                        return HTTPResponse(status: .serviceUnavailable, headers: ["Retry-After": "5"])
                    }
                }
            })
    }
}

/// What NIP-05 says of names and documents.
enum NostrAddress {
    /// The name asked for, in lower case; `nil` when there is none, or one that nobody can have.
    static func name(in target: String) -> String? {
        for field in target.split(separator: "?", maxSplits: 1).dropFirst().first?.split(separator: "&") ?? []
        {
            let parts = field.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0] == "name" else { continue }
            let name = parts[1].lowercased()
            let isProper =
                (1...64).contains(name.utf8.count)
                && name.utf8.allSatisfy {
                    (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2D || $0 == 0x5F
                        || $0 == 0x2E
                }
            return isProper ? name : nil
        }
        return nil
    }

    static func document(_ entries: [(name: String, who: NamedKey)]) -> [UInt8] {
        func list(_ values: [[UInt8]]) -> [UInt8] { Array(values.joined(separator: [UInt8(ascii: ",")])) }
        func quoted(_ text: String) -> [UInt8] {
            var bytes: [UInt8] = []
            JSONText.appendQuoted(text, to: &bytes)
            return bytes
        }
        let colon = [UInt8(ascii: ":")]
        let names = entries.map { quoted($0.name) + colon + quoted($0.who.key.hex) }
        let relays = entries.lazy.filter { !$0.who.relays.isEmpty }.map {
            quoted($0.who.key.hex) + colon + [UInt8(ascii: "[")] + list($0.who.relays.map(quoted))
                + [UInt8(ascii: "]")]
        }
        return Array(#"{"names":{"#.utf8) + list(names) + Array(#"},"relays":{"#.utf8) + list(Array(relays))
            + Array("}}".utf8)
    }
}
