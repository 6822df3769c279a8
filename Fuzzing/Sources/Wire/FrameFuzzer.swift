// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// WebSocket frames (RFC 6455): whatever way a stream is cut, the same is heard and the same is held against it, and no more is
/// held back than one message and one frame; what is written is heard on the other side.
enum FrameFuzzer {
    /// The first two bytes say who listens, what was agreed and how the rest is cut.
    static func feed(_ input: FuzzInput) {
        let terms = Terms(input[0])
        let stream = input.dropping(2).array
        let whole = hear([stream[...]], terms)
        claim(
            hear(pieces(of: stream, seed: input[1] & 63), terms) == whole, "frames depend on how they are cut"
        )
        claim(hear(pieces(of: stream, seed: 0), terms) == whole, "single bytes are heard differently")
        echo(stream, terms)
    }

    private struct Terms {
        var role: WebSocketRole
        var mayBeCompressed: Bool
        /// **Bytes**, small so that inputs reach beyond it.
        let maxMessageLength = 300
        var maxLengthInParts: Int

        init(_ byte: UInt8) {
            role = byte & 1 == 0 ? .server : .client
            mayBeCompressed = byte & 2 != 0
            maxLengthInParts = byte & 4 == 0 ? 0 : 1_500
        }

        func decoder(_ role: WebSocketRole? = nil) -> FrameDecoder {
            FrameDecoder(
                role: role ?? self.role, maxMessageLength: maxMessageLength,
                maxLengthInParts: maxLengthInParts, mayBeCompressed: mayBeCompressed)
        }

        /// **Bytes** that may be held of what has not ended: a message, with a little more when it is compressed, and a
        /// frame.
        var heldMost: Int { max(maxMessageLength + 128, maxLengthInParts) + 125 + FrameHeader.longest }
    }

    /// What was understood.
    private enum Heard: Equatable {
        case text([UInt8])
        case compressed([UInt8])
        /// All parts of one message, as far as they came.
        case parts([UInt8], isWhole: Bool)
        case ping([UInt8])
        case pong([UInt8])
        case close(CloseCode?, [UInt8])
        case violation(ProtocolViolation)
    }

    private static func hear(_ pieces: [ArraySlice<UInt8>], _ terms: Terms) -> [Heard] {
        var decoder = terms.decoder()
        var heard: [Heard] = []
        var parts: [UInt8]?
        do throws(ProtocolViolation) {
            for piece in pieces {
                decoder.append(ByteBuffer(bytes: piece))
                while let item = try decoder.next() {
                    if let found = take(item, decoder, &parts) { heard.append(found) }
                }
                decoder.endBurst()
                claim(decoder.heldBytes <= terms.heldMost, "\(decoder.heldBytes) bytes are held")
            }
        } catch { heard.append(.violation(error)) }
        if let parts { heard.append(.parts(parts, isWhole: false)) }
        return heard
    }

    private static func take(
        _ item: FrameDecoder.Item, _ decoder: FrameDecoder, _ parts: inout [UInt8]?
    ) -> Heard? {
        switch item {
        case .text, .assembledText:
            let text = copy(item, decoder)
            claim(String(validating: text, as: UTF8.self) != nil, "a text is no UTF-8")
            return .text(text)
        case .compressedText, .assembledCompressedText: return .compressed(copy(item, decoder))
        case .part, .assembledPart:
            let whole = (parts ?? []) + copy(item, decoder)
            parts = item.isUnfinished ? whole : nil
            return item.isUnfinished ? nil : .parts(whole, isWhole: true)
        case .ping(let range): return .ping(copy(range, decoder))
        case .pong(let range): return .pong(copy(range, decoder))
        case .close(let code, let reason): return .close(code, copy(reason, decoder))
        }
    }

    private static func copy(_ item: FrameDecoder.Item, _ decoder: FrameDecoder) -> [UInt8] {
        var bytes: [UInt8] = []
        decoder.withText(of: item) { text in for index in text.indices { bytes.append(text[index]) } }
        return bytes
    }

    private static func copy(_ range: Range<Int>, _ decoder: FrameDecoder) -> [UInt8] {
        decoder.withBytes(range) { span in span.indices.map { span[$0] } }
    }

    /// Sends a text, and hears it on the other side.
    private static func echo(_ text: [UInt8], _ terms: Terms) {
        let isFromClient = terms.role == .client
        var buffer = ByteBuffer()
        buffer.writeFrame(.ping, mask: isFromClient ? 0xA1B2_C3D4 : nil) { _ in }
        buffer.writeFrame(.text, mask: isFromClient ? 0x0102_0304 : nil) { $0.writeBytes(text) }
        var decoder = terms.decoder(isFromClient ? .server : .client)
        decoder.append(buffer)
        guard case .ping(let nothing) = try? decoder.next(), nothing.isEmpty else {
            fatalError("no ping is heard")
        }
        let isText = String(validating: text, as: UTF8.self) != nil
        let mayBeRead = text.count <= terms.maxMessageLength && isText
        var heard: [UInt8]?
        if case .text(let range) = try? decoder.next() { heard = copy(range, decoder) }
        claim(heard == (mayBeRead ? text : nil), "a text is heard differently")
    }
}
