// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import TestSupport
import Testing

@testable import RelayTransport

/// What a decoder found, as values that outlive it.
enum DecodedItem: Hashable {
    case text([UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?, String)
    case violation(ProtocolViolation)
    /// A message handed over in parts, put together; it may lack its end.
    case inParts([UInt8])

    /// Everything in `chunks`, until the first violation.
    static func all(
        in chunks: [[UInt8]], as role: WebSocketRole = .server, maxMessageLength: Int = 1_000_000,
        maxLengthInParts: Int = 0, mayBeCompressed: Bool = false
    ) -> [DecodedItem] {
        var decoder = FrameDecoder(
            role: role, maxMessageLength: maxMessageLength, maxLengthInParts: maxLengthInParts,
            mayBeCompressed: mayBeCompressed)
        var items: [DecodedItem] = []
        var parts: [UInt8]?
        var mostHeld = 0
        for chunk in chunks {
            decoder.append(ByteBuffer(bytes: chunk))
            do throws(ProtocolViolation) {
                while let item = try decoder.next() {
                    switch (item, DecodedItem(item, of: decoder)) {
                    case (.part, .text(let bytes)), (.assembledPart, .text(let bytes)):
                        parts = (parts ?? []) + bytes
                        guard !item.isUnfinished else { continue }
                        items.append(.inParts(parts ?? []))
                        parts = nil
                    case (_, let found): items.append(found)
                    }
                }
            } catch {
                return items + (parts.map { [.inParts($0)] } ?? []) + [.violation(error)]
            }
            decoder.endBurst()
            mostHeld = max(mostHeld, decoder.heldBytes)
        }
        // A message that has begun, and a control frame within.
        #expect(mostHeld <= maxMessageLength + 14 + 131, "what is handed over is not kept")
        return items + (parts.map { [.inParts($0)] } ?? [])
    }

    private init(_ item: FrameDecoder.Item, of decoder: FrameDecoder) {
        func bytes(_ range: Range<Int>) -> [UInt8] {
            decoder.withBytes(range) { span in span.withUnsafeBufferPointer { Array($0) } }
        }
        switch item {
        case .text, .assembledText, .compressedText, .assembledCompressedText, .part, .assembledPart:
            var text: [UInt8] = []
            decoder.withText(of: item) { span in text = span.withUnsafeBufferPointer { Array($0) } }
            self = .text(text)
        case .ping(let range): self = .ping(bytes(range))
        case .pong(let range): self = .pong(bytes(range))
        case .close(let code, let reason): self = .close(code, decoder.text(of: reason))
        }
    }
}

extension WebSocketFrame {
    /// A frame of a message in pieces.
    static func piece(_ opcode: UInt8, _ text: String, isFinal: Bool) -> WebSocketFrame {
        var frame = WebSocketFrame(opcode: opcode, payload: Array(text.utf8))
        frame.isFinal = isFinal
        return frame
    }

    /// As a server sends it.
    var bare: WebSocketFrame {
        var frame = self
        frame.mask = nil
        return frame
    }
}
