// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension EventScanner {
    /// The event made of the sender's own slices: its strings are canonical and its tags compact.
    func copied(from json: Span<UInt8>) -> Event {
        let numbers = createdAt.count + kind.count
        let length = 329 + numbers + tags.count + content.count
        let tagsStart = 178 + numbers
        let contentStart = tagsStart + tags.count + 11
        let layout = EventLayout(
            createdAt: Timestamp(createdAtSeconds), kind: Kind(kindNumber), tagsStart: tagsStart,
            tagsEnd: tagsStart + tags.count, contentStart: contentStart,
            contentEnd: contentStart + content.count + 2)
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var pieces = PieceWriter(buffer)
            // Already in our order and without anything between: one move.
            if object.count == length, id - object.lowerBound == 7, pubkey - id == 76,
                createdAt.lowerBound - pubkey == 79, kind.lowerBound - createdAt.upperBound == 8,
                tags.lowerBound - kind.upperBound == 8, content.lowerBound - tags.upperBound == 12
            {
                pieces.append(json, object)
            } else {
                append(to: &pieces, from: json)
            }
            count = pieces.count
        }
        precondition(bytes.count == length, "the canonical length was foreseen")
        return Event(id: EventID(idBytes), pubkey: PublicKey(pubkeyBytes), layout: layout, json: bytes)
    }

    private func append(to pieces: inout PieceWriter, from json: Span<UInt8>) {
        pieces.append("{\"id\":\"")
        pieces.append(json, id..<(id + 64))
        pieces.append("\",\"pubkey\":\"")
        pieces.append(json, pubkey..<(pubkey + 64))
        pieces.append("\",\"created_at\":")
        pieces.append(json, createdAt)
        pieces.append(",\"kind\":")
        pieces.append(json, kind)
        pieces.append(",\"tags\":")
        pieces.append(json, tags)
        pieces.append(",\"content\":\"")
        pieces.append(json, content)
        pieces.append("\",\"sig\":\"")
        pieces.append(json, signature..<(signature + 128))
        pieces.append("\"}")
    }

    /// The event with its strings written anew: as NIP-01 escapes them, or as the sender did.
    func rewritten(in json: Span<UInt8>, keepingStrings: Bool) -> Event {
        func string(_ range: Range<Int>, to output: inout [UInt8]) {
            if keepingStrings {
                output.append(copying: json.extracting((range.lowerBound - 1)..<(range.upperBound + 1)))
            } else {
                JSONText.appendQuoted(JSONText.unescaped(json, range), to: &output)
            }
        }
        var writer = EventWriter(
            id: EventID(idBytes), pubkey: PublicKey(pubkeyBytes), createdAt: Timestamp(createdAtSeconds),
            kind: Kind(kindNumber), capacity: object.count)
        writer.tags { output in
            // The tags were scanned before: only brackets, commas, white space and strings are in them.
            var scanner = JSONScanner(start: tags.lowerBound, end: tags.upperBound)
            while scanner.position < scanner.end {
                switch scanner.peek(in: json) {
                case UInt8(ascii: "\""):
                    guard let range = try? scanner.string(in: json).range else { return }
                    string(range, to: &output)
                case 0x09, 0x0A, 0x0D, 0x20: scanner.position += 1
                case let byte:
                    output.append(byte)
                    scanner.position += 1
                }
            }
        }
        return writer.finish {
            string(content, to: &$0)
        } signature: {
            $0.append(copying: json.extracting(signature..<(signature + 128)))
        }
    }
}

/// Fills uninitialised memory of a known size from left to right; every append is checked against its end.
struct PieceWriter {
    private let memory: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }

    mutating func append(_ json: Span<UInt8>, _ range: Range<Int>) {
        json.extracting(range).withUnsafeBufferPointer { append($0) }
    }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { append($0) }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        precondition(bytes.count <= memory.count - count, "a piece does not fit")
        guard let from = bytes.baseAddress, let to = memory.baseAddress else { return }
        UnsafeMutableRawPointer(to + count).copyMemory(from: from, byteCount: bytes.count)
        count += bytes.count
    }
}
