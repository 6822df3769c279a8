// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// An event's JSON without what the rest of its record says, and with bytes in place of hexadecimal digits:
/// about three quarters of it.
///
///     length of the JSON 4 ‖ id 32 ‖ pubkey 32 ‖ sig 64 ‖ tags ‖ content
///
/// The tags are their JSON with `01` and 32 bytes in place of each 64 lower-case digits that follow a quote or a colon; JSON
/// holds no raw `01`. The content is as it is, with its quotes. See decision 0067.
enum PackedEvent {
    /// **Bytes** before the tags.
    static let headBytes = 132
    /// Where the parts of the head begin.
    static let (id, pubkey, signature) = (4, 36, 68)
    private static let digitsFollow: UInt8 = 1

    // MARK: Packing

    /// Makes the packed form, in place of what `output` held.
    ///
    /// - Returns: `false` for JSON that would not come out again byte by byte.
    static func pack(_ event: Event, into output: inout [UInt8]) -> Bool {
        output.removeAll(keepingCapacity: true)
        let (json, layout) = (event.json.span, event.layout)
        let tail = json.count - 130
        guard let first = Hex.decode32(json, at: tail), let second = Hex.decode32(json, at: tail + 64) else {
            return false
        }
        append(UInt32(clamping: json.count), to: &output)
        for bytes in [event.id.bytes, event.pubkey.bytes, first, second] { append(bytes, to: &output) }
        pack(json.extracting(layout.tagsStart..<layout.tagsEnd), to: &output)
        append(json.extracting(layout.contentStart..<layout.contentEnd), to: &output)
        // What is stored must be what was signed, whatever is thought of its form here.
        return unpack(output.span, layout, count: json.count) == event.json
    }

    /// Appends JSON of tags with its digits packed.
    private static func pack(_ tags: Span<UInt8>, to output: inout [UInt8]) {
        var (copied, position) = (0, 0)
        while position < tags.count {
            let byte = tags[position]
            position += 1
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ":"),
                let bytes = Hex.decode32(tags, at: position)
            else { continue }
            append(tags.extracting(copied..<position), to: &output)
            output.append(digitsFollow)
            append(bytes, to: &output)
            position += 64
            copied = position
        }
        append(tags.extracting(copied..<tags.count), to: &output)
    }

    private static func append(_ number: UInt32, to output: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { output.append(contentsOf: $0) }
    }

    private static func append(_ bytes: Bytes32, to output: inout [UInt8]) {
        let (a, b, c, d) = bytes.words
        withUnsafeBytes(of: (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)) {
            output.append(contentsOf: $0)
        }
    }

    private static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        bytes.withUnsafeBytes { output.append(contentsOf: $0) }
    }

    // MARK: Unpacking

    /// The JSON again; `nil` when the parts do not make `count` bytes.
    static func unpack(_ packed: Span<UInt8>, _ layout: EventLayout, count: Int) -> [UInt8]? {
        let content = layout.contentEnd - layout.contentStart
        let tagsEnd = packed.count - content
        // No more than what was packed can have made: room is taken before the parts are looked at.
        guard content >= 0, tagsEnd >= headBytes, count <= 2 * packed.count + 512 else { return nil }
        var isWhole = false
        let json = [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            packed.withUnsafeBytes { bytes in
                var filling = Filling(UnsafeMutableRawBufferPointer(room))
                filling.copy("{\"id\":\"")
                filling.spell(bytes, at: id)
                filling.copy("\",\"pubkey\":\"")
                filling.spell(bytes, at: pubkey)
                filling.copy("\",\"created_at\":")
                filling.write(UInt64(bitPattern: layout.createdAt.seconds))
                filling.copy(",\"kind\":")
                filling.write(UInt64(layout.kind.rawValue))
                filling.copy(",\"tags\":")
                unpack(UnsafeRawBufferPointer(rebasing: bytes[headBytes..<tagsEnd]), to: &filling)
                filling.copy(",\"content\":")
                filling.copy(UnsafeRawBufferPointer(rebasing: bytes[tagsEnd...]))
                filling.copy(",\"sig\":\"")
                filling.spell(bytes, at: signature)
                filling.spell(bytes, at: signature + 32)
                filling.copy("\"}")
                isWhole = filling.isWhole
                // Bytes that were never written are nobody's.
                filled = isWhole ? count : 0
            }
        }
        return isWhole ? json : nil
    }

    private static func unpack(_ tags: UnsafeRawBufferPointer, to filling: inout Filling) {
        var (copied, position) = (0, 0)
        while position < tags.count {
            guard tags[position] == digitsFollow else {
                position += 1
                continue
            }
            filling.copy(UnsafeRawBufferPointer(rebasing: tags[copied..<position]))
            guard position + 33 <= tags.count else { return filling.fail() }
            filling.spell(tags, at: position + 1)
            position += 33
            copied = position
        }
        filling.copy(UnsafeRawBufferPointer(rebasing: tags[copied...]))
    }

    /// Fills room from its start, and never beyond its end.
    private struct Filling {
        private let room: UnsafeMutableRawBufferPointer
        private var count = 0
        private var hasFailed = false

        init(_ room: UnsafeMutableRawBufferPointer) { self.room = room }

        /// Whether all the room is filled, and nothing was left over.
        var isWhole: Bool { !hasFailed && count == room.count }

        mutating func fail() { hasFailed = true }

        /// The next bytes of the room; `nil` when there are not so many.
        private mutating func take(_ size: Int) -> UnsafeMutableRawBufferPointer? {
            guard size <= room.count - count else {
                hasFailed = true
                return nil
            }
            defer { count += size }
            return UnsafeMutableRawBufferPointer(rebasing: room[count..<count + size])
        }

        mutating func copy(_ bytes: UnsafeRawBufferPointer) { take(bytes.count)?.copyMemory(from: bytes) }

        mutating func copy(_ text: StaticString) {
            copy(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        }

        /// Writes 32 bytes as 64 digits.
        mutating func spell(_ bytes: UnsafeRawBufferPointer, at start: Int) {
            guard let place = take(64) else { return }
            for index in 0..<8 {
                let four = bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
                let digits = Hex.digits(of: UInt32(littleEndian: four))
                place.storeBytes(of: digits.littleEndian, toByteOffset: 8 * index, as: UInt64.self)
            }
        }

        mutating func write(_ number: UInt64) {
            var (rest, count) = (number, 1)
            while rest >= 10 {
                rest /= 10
                count += 1
            }
            guard let place = take(count) else { return }
            rest = number
            for index in (0..<count).reversed() {
                place[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }
}
