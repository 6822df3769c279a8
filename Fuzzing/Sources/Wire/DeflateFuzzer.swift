// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// permessage-deflate (RFC 7692): a payload becomes one thing, never more than the limit, or is refused, and leaves nothing behind for
/// the next; a text comes back as it was, and cut short it stays within the limit; and what was agreed upon can be told.
enum DeflateFuzzer {
    /// Used again for every input, as a loop's is: a broken message must not spoil the next. libFuzzer has one thread.
    nonisolated(unsafe) private static let loop = LoopCompression()

    /// The first two bytes say how much is let through, and how a text is compressed.
    static func feed(_ input: FuzzInput) {
        let payload = input.dropping(2).array
        let limit = Int(input[0]) * 64
        let first = inflate(payload, limit: limit)
        claim(inflate(payload, limit: limit) == first, "a payload is read in two ways")
        roundTrip(payload, windowBits: 9 + Int(input[1] & 7) % 7, cut: Int(input[1] >> 3))
        terms(String(decoding: payload, as: UTF8.self))
    }

    private static func inflate(_ payload: [UInt8], limit: Int) -> Result<[UInt8], ProtocolViolation> {
        var bytes: [UInt8] = []
        do throws(ProtocolViolation) {
            try loop.inflate(payload.span, limit: limit) { text in
                for index in text.indices { bytes.append(text[index]) }
            }
            claim(bytes.count <= limit, "a limit is passed")
            return .success(bytes)
        } catch { return .failure(error) }
    }

    private static func roundTrip(_ text: [UInt8], windowBits: Int, cut: Int) {
        var output = ByteBuffer()
        loop.deflate(text.span, windowBits: windowBits, to: &output)
        let packed = Array(output.readableBytesView)
        claim(inflate(packed, limit: text.count) == .success(text), "a text comes back differently")
        if text.count > 0 {
            claim(
                inflate(packed, limit: text.count - 1) == .failure(.tooLong), "a byte too much is let through"
            )
        }
        // What is cut short may be read by chance, though never beyond the limit.
        _ = inflate(Array(packed.dropLast(1 + cut)), limit: text.count)
        let body = ByteBuffer(bytes: text)
        let trailer = Array("]".utf8)
        let shared = loop.shared(body, trailer: trailer.span, windowBits: windowBits)
        let again = loop.shared(body, trailer: trailer.span, windowBits: windowBits)
        claim(shared == again, "one text is compressed in two ways")
        claim(
            inflate(Array(shared.readableBytesView), limit: text.count + 1) == .success(text + trailer),
            "a shared text comes back differently")
    }

    private static func terms(_ header: String) {
        if let terms = DeflateTerms(offeredIn: [header]) {
            claim(
                (DeflateTerms.leastBits...DeflateTerms.mostBits).contains(terms.windowBits), "no such window")
            claim(DeflateTerms(acceptedIn: [terms.answer]) != nil, "our answer would be refused")
        }
        _ = DeflateTerms(acceptedIn: [header])
    }
}
