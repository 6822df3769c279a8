// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Makes an outline of a relay's message as its bytes go by, so that of one that is too long as much is known as is
/// needed to go on without it.
///
/// Strings longer than ``CodecLimits/outlineStringLength`` are left out, and so are tags (and whatever else lies as
/// deep) once the outline is longer than ``CodecLimits/outlineLength``. What is left is JSON if the message is, whatever
/// the order of its fields, and is read as any message.
public struct MessageOutliner: Sendable {
    /// Whether it is an `EVENT`; `nil` until that is known.
    public private(set) var isEvent: Bool?

    private var outline: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Where in ``outline`` the string at hand begins.
    private var stringStart = 0
    /// Whether the string at hand is too long.
    private var isLongString = false
    /// Everything is left out until something less deep than this comes.
    private var leftOutFrom: Int?
    private var hasAllTags = true
    /// Whether even what is needed is too long.
    private var isHopeless = false

    /// Where tags lie: in an array of the event, which is an element of the message.
    private static let depthOfTags = 3

    public init() {}

    /// **Bytes** held.
    public var length: Int { outline.count }

    /// The next bytes of the message.
    public mutating func take(_ part: Span<UInt8>) {
        var index = 0
        while index < part.count, isEvent != false, !isHopeless {
            if isInString {
                takeString(part, &index)
            } else {
                takeToken(part[index])
                index += 1
            }
            if outline.count > 2 * CodecLimits.outlineLength { isHopeless = true }
        }
    }

    /// What the message was, now that it has ended.
    ///
    /// - Returns: `nil` if it was no `EVENT`; without an outline if the event is not even JSON, or too large in what
    ///   is needed.
    public func finish() -> (SubscriptionID, EventOutline?)? {
        guard isEvent == true else { return nil }
        do {
            guard case .event(let subscription, let parsed) = try RelayMessage.parse(outline) else {
                return nil
            }
            return (subscription, EventOutline(event: parsed.event, hasAllTags: hasAllTags))
        } catch .badEvent(let subscription, _) {
            return (subscription, nil)
        } catch {
            return nil
        }
    }

    private mutating func takeToken(_ byte: UInt8) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: return
        case UInt8(ascii: "\""):
            append(byte)
            isInString = true
            isLongString = false
            stringStart = outline.count
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            depth += 1
            append(byte)
        case UInt8(ascii: "]"), UInt8(ascii: "}"):
            depth -= 1
            if let from = leftOutFrom, depth < from { leftOutFrom = nil }
            append(byte)
        case UInt8(ascii: ",") where mayLeaveOut:
            leftOutFrom = depth
            hasAllTags = false
        default: append(byte)
        }
        // A message is an array that begins with a string.
        if isEvent == nil, outline != Array("[".utf8), outline != Array("[\"".utf8) { isEvent = false }
    }

    /// What follows a comma can be left out, up to the next bracket that closes.
    private var mayLeaveOut: Bool {
        leftOutFrom == nil && depth >= Self.depthOfTags && outline.count > CodecLimits.outlineLength
    }

    private mutating func append(_ byte: UInt8) {
        if leftOutFrom == nil { outline.append(byte) }
    }

    /// Moves on to the end of the string or of the part.
    private mutating func takeString(_ part: Span<UInt8>, _ index: inout Int) {
        let start = index
        if isEscaped {
            isEscaped = false
            index += 1
        }
        Self.skipPlain(part, &index)
        let isAtEnd = index < part.count && part[index] == UInt8(ascii: "\"")
        if index < part.count, !isAtEnd {
            isEscaped = true
            index += 1
        }
        keep(part.extracting(start..<index))
        guard isAtEnd else { return }
        index += 1
        append(UInt8(ascii: "\""))
        isInString = false
        if isEvent == nil { isEvent = outline == Array("[\"EVENT\"".utf8) }
    }

    private mutating func keep(_ bytes: Span<UInt8>) {
        guard leftOutFrom == nil, !isLongString else { return }
        guard outline.count - stringStart + bytes.count > CodecLimits.outlineStringLength else {
            return outline.append(copying: bytes)
        }
        outline.removeSubrange(stringStart...)
        isLongString = true
        if depth >= Self.depthOfTags { hasAllTags = false }
    }

    /// Moves on to the next quote or backslash.
    private static func skipPlain(_ part: Span<UInt8>, _ index: inout Int) {
        while index &+ 8 <= part.count {
            let marks = JSONScanner.quotesAndBackslashes(JSONScanner.word(in: part, at: index))
            if marks != 0 {
                index &+= marks.trailingZeroBitCount >> 3
                return
            }
            index &+= 8
        }
        while index < part.count, part[index] != UInt8(ascii: "\""), part[index] != UInt8(ascii: "\\") {
            index &+= 1
        }
    }
}
