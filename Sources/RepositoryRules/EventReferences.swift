// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What an event names: ids in `e`, `E` and `q` tags, addresses in `a`, `A` and `q` tags.
///
/// Each once, in the order of the tags; only the first ``RepositoryLimits/references`` tags of these letters
/// are read, whatever they say.
public struct EventReferences: Sendable, Hashable {
    public private(set) var ids: [EventID] = []
    public private(set) var addresses: [EventAddress] = []

    public init(_ event: Event) {
        var scanner = TagScanner(event.layout)
        let json = event.json.span
        var seenIDs: Set<EventID> = []
        var seenAddresses: Set<EventAddress> = []
        var room = RepositoryLimits.references
        while room > 0, let tag = scanner.next(in: json) {
            guard let letter = tag.letter(in: json), Self.letters.contains(letter),
                let value = tag.value(in: json)
            else { continue }
            room -= 1
            if let id = Self.id(value, letter) {
                if seenIDs.insert(id).inserted { ids.append(id) }
            } else if let address = Self.address(value, letter), seenAddresses.insert(address).inserted {
                addresses.append(address)
            }
        }
    }

    public var isEmpty: Bool { ids.isEmpty && addresses.isEmpty }

    /// The letters of tags that name others.
    public static let letters = Array("eEqaA".utf8)

    private static func id(_ value: TagValue, _ letter: UInt8) -> EventID? {
        guard letter | 0x20 == UInt8(ascii: "e") || letter == UInt8(ascii: "q") else { return nil }
        return Hex.decode32(value.bytes.span).map { EventID($0) }
    }

    private static func address(_ value: TagValue, _ letter: UInt8) -> EventAddress? {
        guard letter | 0x20 == UInt8(ascii: "a") || letter == UInt8(ascii: "q") else { return nil }
        return EventAddress(value)
    }
}
