// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a client and a server agree upon about permessage-deflate (RFC 7692 §7).
///
/// Neither side ever keeps a window from one message to the next, so no connection holds the state of a compressor.
struct DeflateTerms: Hashable, Sendable {
    /// How far back, as a power of two, what we compress may refer.
    var windowBits = DeflateTerms.mostBits
    /// Whether the client set ``windowBits``, and must be told that it is kept.
    var namesWindowBits = false

    /// The widest window there is.
    static let mostBits = 15
    /// The narrowest that zlib can keep to when it writes bare deflate; 8 could be asked for and is declined.
    static let leastBits = 9

    /// The first of a client's offers that can be accepted; `nil` when there is none.
    ///
    /// An offer with a parameter that nobody knows, twice the same one, or a value that must not be, is passed over, as
    /// RFC 7692 §7.1 asks; a header that is no list of extensions ends the search.
    ///
    /// - Parameter lines: the values of `Sec-WebSocket-Extensions`.
    init?(offeredIn lines: [String]) {
        for line in lines {
            var list = ExtensionList(line)
            while let offer = list.next() {
                guard offer.name == Self.name, let terms = DeflateTerms(offer.parameters) else { continue }
                self = terms
                return
            }
        }
        return nil
    }

    /// A server's answer to ``offer``; `nil` unless it is one extension, and keeps no window between messages.
    ///
    /// Whatever window the server uses is no wider than the one that comes are inflated with; ours is as wide as any.
    init?(acceptedIn lines: [String]) {
        guard lines.count == 1 else { return nil }
        var list = ExtensionList(lines[0])
        guard let answer = list.next(), list.next() == nil, answer.name == Self.name else { return nil }
        var seen: Set<String> = []
        for parameter in answer.parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil), ("client_no_context_takeover", nil): break
            case ("server_max_window_bits", let value?) where Self.bits(value) != nil: break
            default: return nil
            }
        }
        guard seen.contains("server_no_context_takeover") else { return nil }
    }

    private init?(_ parameters: [ExtensionList.Parameter]) {
        var seen: Set<String> = []
        for parameter in parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil), ("client_no_context_takeover", nil),
                ("client_max_window_bits", nil):
                break
            case ("client_max_window_bits", let value?):
                // A hint: what comes is inflated with the widest window anyway.
                guard Self.bits(value) != nil else { return nil }
            case ("server_max_window_bits", let value?):
                guard let bits = Self.bits(value), bits >= Self.leastBits else { return nil }
                (windowBits, namesWindowBits) = (bits, true)
            default: return nil
            }
        }
    }

    /// 8…15 in decimal, without a leading zero.
    private static func bits(_ text: String) -> Int? {
        guard let bits = Int(text), (8...mostBits).contains(bits), text == String(bits) else { return nil }
        return bits
    }

    private static let name = "permessage-deflate"

    /// What a client of ours says in `Sec-WebSocket-Extensions`.
    static let offer = "\(name); server_no_context_takeover; client_no_context_takeover"

    /// What the answer's `Sec-WebSocket-Extensions` says.
    var answer: String {
        let bits = namesWindowBits ? "; server_max_window_bits=\(windowBits)" : ""
        return "\(Self.name); server_no_context_takeover; client_no_context_takeover\(bits)"
    }
}
