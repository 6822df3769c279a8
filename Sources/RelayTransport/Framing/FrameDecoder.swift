// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore

/// Bytes in, messages and control frames out (RFC 6455 §5).
///
/// Knows nothing of channels. Whatever way the bytes are cut, the items are the same. After an error it must not be
/// asked again: the stream has no meaning any more.
///
/// Reads are appended to one array; a frame is unmasked there, and a message of one frame is lent out from there. The
/// array is given back when nothing is left in it, so that a resting connection holds no buffer.
struct FrameDecoder: Sendable {
    /// What one step found. Ranges are of ``storage`` and hold until the next call of a mutating method.
    enum Item: Hashable, Sendable {
        /// A message of one frame.
        case text(Range<Int>)
        /// A message of several frames, now in ``assembly``.
        case assembledText
        /// A message of one frame that is compressed; what it stands for was not looked at.
        case compressedText(Range<Int>)
        /// The same of several frames, now in ``assembly``.
        case assembledCompressedText
        /// What came of a message longer than ``maxMessageLength``; whether it is UTF-8 was not looked at.
        case part(Range<Int>, isLast: Bool)
        /// The frames of such a message that came before it was known to be one, now in ``assembly``.
        case assembledPart
        case ping(Range<Int>)
        case pong(Range<Int>)
        /// `nil` when the frame is empty. The reason is UTF-8.
        case close(CloseCode?, reason: Range<Int>)

        /// Whether more of the same message follows.
        var isUnfinished: Bool {
            switch self {
            case .part(_, let isLast): !isLast
            case .assembledPart: true
            case .text, .assembledText, .compressedText, .assembledCompressedText, .ping, .pong, .close: false
            }
        }
    }

    let role: WebSocketRole
    let maxMessageLength: Int
    let maxLengthInParts: Int
    /// Whether permessage-deflate was agreed.
    let mayBeCompressed: Bool
    /// What was read; ``readIndex`` bytes of it are done with.
    private var storage: [UInt8] = []
    private var readIndex = 0
    /// The payloads so far of a message in fragments.
    private var assembly: [UInt8] = []
    private var isAssembling = false
    /// Whether what is assembled, or was last, is compressed.
    private var assemblyIsCompressed = false
    /// Whether ``assembly`` was lent out by the last step and is to be emptied by the next.
    private var assemblyIsLent = false
    /// The message that is handed over in parts.
    private var long: LongMessage?

    init(
        role: WebSocketRole, maxMessageLength: Int, maxLengthInParts: Int = 0, mayBeCompressed: Bool = false
    ) {
        self.mayBeCompressed = mayBeCompressed
        self.role = role
        self.maxMessageLength = maxMessageLength
        self.maxLengthInParts = maxLengthInParts
    }

    /// Whether a message or frame has begun and not ended.
    var isMidMessage: Bool { isAssembling || long != nil || readIndex < storage.count }

    /// Bytes held of what has begun and not ended.
    var heldBytes: Int { storage.count - readIndex + assembly.count }

    /// Takes what was read.
    mutating func append(_ bytes: ByteBuffer) {
        storage.append(contentsOf: bytes.readableBytesView)
    }

    /// The next message or control frame, or `nil` when more bytes are needed.
    mutating func next() throws(ProtocolViolation) -> Item? {
        giveBackAssembly()
        if isInLongFrame { return nextPart() }
        while let header = try wholeFrame() {
            if isOfLongMessage(header) {
                if let part = beginLongFrame(header) { return part }
                if isInLongFrame { return nil }
                continue
            }
            let start = readIndex + header.headerLength
            let payload = start..<start + header.payloadLength
            if let mask = header.mask { unmask(payload, with: mask) }
            readIndex = payload.upperBound
            if let item = try take(payload, of: header) { return item }
        }
        return nil
    }

    /// Lends out the text of an item.
    func withText(of item: Item, _ body: (Span<UInt8>) -> Void) {
        switch item {
        case .text(let range), .compressedText(let range): body(storage.span.extracting(range))
        case .assembledText, .assembledCompressedText, .assembledPart: body(assembly.span)
        case .part(let range, _): body(storage.span.extracting(range))
        case .ping, .pong, .close: preconditionFailure("a control frame has no text")
        }
    }

    /// Lends out a range that came with an item.
    func withBytes<Result>(_ range: Range<Int>, _ body: (Span<UInt8>) -> Result) -> Result {
        body(storage.span.extracting(range))
    }

    /// The text in a range that came with an item.
    func text(of range: Range<Int>) -> String {
        String(decoding: storage[range], as: UTF8.self)
    }

    /// Gives back what is done with. Called when no more bytes are at hand.
    mutating func endBurst() {
        if readIndex == storage.count {
            storage = []
        } else if readIndex > 0 {
            storage.removeSubrange(..<readIndex)
        }
        readIndex = 0
        giveBackAssembly()
    }

    private mutating func giveBackAssembly() {
        guard assemblyIsLent else { return }
        assembly = []
        assemblyIsLent = false
    }

    /// The header of the next frame, once all of the frame is there; of a frame that is handed over in parts, at once.
    private func wholeFrame() throws(ProtocolViolation) -> FrameHeader? {
        let unread = storage.span.extracting(readIndex...)
        guard let header = try FrameHeader.read(unread, as: role, mayBeCompressed: mayBeCompressed)
        else { return nil }
        try checkOrder(of: header)
        if isOfLongMessage(header) { return header }
        return unread.count - header.headerLength >= header.payloadLength ? header : nil
    }

    private func checkOrder(of header: FrameHeader) throws(ProtocolViolation) {
        let isInside = isAssembling || long != nil
        switch header.opcode {
        case .close, .ping, .pong: return
        case .binary: throw isInside ? .interruptedMessage : .binary
        case .text: if isInside { throw .interruptedMessage }
        case .continuation: if !isInside { throw .strayContinuation }
        }
        let isCompressed = isInside ? assemblyIsCompressed : header.isCompressed
        let most = isCompressed ? maxCompressedLength : max(maxMessageLength, maxLengthInParts)
        let room = most - (long?.length ?? assembly.count)
        guard header.payloadLength <= room else { throw .tooLong }
    }

    /// A text of ``maxMessageLength`` that cannot be compressed grows a little.
    private var maxCompressedLength: Int { maxMessageLength + maxMessageLength >> 6 + 64 }

    // MARK: Messages in parts

    private var isInLongFrame: Bool { long.map { $0.remaining > 0 } ?? false }

    private func isOfLongMessage(_ header: FrameHeader) -> Bool {
        if header.opcode.isControl || header.isCompressed || isAssembling && assemblyIsCompressed {
            return false
        }
        return long != nil || header.payloadLength > maxMessageLength - assembly.count
    }

    /// Moves past the header of a frame that is handed over in parts.
    ///
    /// - Returns: what came before it, or what there is of it; `nil` when that is nothing.
    private mutating func beginLongFrame(_ header: FrameHeader) -> Item? {
        readIndex += header.headerLength
        isAssembling = false
        // Never: what comes in parts is handed over as it is.
        assemblyIsCompressed = false
        var message = long ?? LongMessage(length: assembly.count)
        message.begin(header)
        long = message
        if !assembly.isEmpty {
            assemblyIsLent = true
            return .assembledPart
        }
        return nextPart()
    }

    private mutating func nextPart() -> Item? {
        guard var message = long else { return nil }
        let part = readIndex..<min(storage.count, readIndex + message.remaining)
        if let mask = message.take(part.count) { unmask(part, with: mask) }
        readIndex = part.upperBound
        let isLast = message.isOver
        long = isLast ? nil : message
        return part.isEmpty && !isLast ? nil : .part(part, isLast: isLast)
    }

    private mutating func unmask(_ range: Range<Int>, with key: UInt32) {
        storage.withUnsafeMutableBytes {
            applyMask(key, to: UnsafeMutableRawBufferPointer(rebasing: $0[range]))
        }
    }

    private mutating func take(_ payload: Range<Int>, of header: FrameHeader) throws(ProtocolViolation)
        -> Item?
    {
        switch header.opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong(payload)
        case .close: return try closeItem(payload)
        case .text where header.isFinal && header.isCompressed:
            return .compressedText(payload)
        case .text where header.isFinal:
            guard isUTF8(storage.span.extracting(payload)) else { throw .invalidText }
            return .text(payload)
        case .text, .continuation, .binary:
            if !isAssembling { assemblyIsCompressed = header.isCompressed }
            assembly.append(contentsOf: storage[payload])
            isAssembling = !header.isFinal
            guard header.isFinal else { return nil }
            if assemblyIsCompressed {
                assemblyIsLent = true
                return .assembledCompressedText
            }
            guard isUTF8(assembly.span) else { throw .invalidText }
            assemblyIsLent = true
            return .assembledText
        }
    }

    private func closeItem(_ payload: Range<Int>) throws(ProtocolViolation) -> Item {
        if payload.isEmpty { return .close(nil, reason: payload) }
        guard payload.count >= 2 else { throw .badClose }
        let code = UInt16(storage[payload.lowerBound]) << 8 | UInt16(storage[payload.lowerBound + 1])
        let reason = payload.dropFirst(2)
        guard CloseCode(rawValue: code).mayBeSent, isUTF8(storage.span.extracting(reason)) else {
            throw .badClose
        }
        return .close(CloseCode(rawValue: code), reason: reason)
    }

}

func isUTF8(_ bytes: Span<UInt8>) -> Bool {
    do {
        _ = try UTF8Span(validating: bytes)
        return true
    } catch {
        return false
    }
}
