// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore

/// Events (NIP-01): taken if and only if a naive reader takes them, and then with the same meaning; written again they are the same
/// bytes, which Foundation reads alike.
enum EventFuzzer {
    static func feed(_ input: FuzzInput) {
        let naive = NaiveEvent(NaiveJSON(input.array))
        let parsed: ParsedEvent
        do { parsed = try Event.parse(input.span) } catch {
            claim(naive == nil, "an event was refused: \(error)")
            return
        }
        guard let naive else { fatalError("an event was accepted that is none") }
        for event in [parsed.event, parsed.asWritten].compactMap({ $0 }) {
            claim(NaiveEvent(event) == naive, "an event reads differently")
            claim(NaiveEvent(NaiveJSON(event.json)) == naive, "an event's bytes read differently")
            claim(Event(canonical: event.json) == event, "an event's own bytes are not canonical")
        }
        claim((try? Event.parse(parsed.event.json)) == ParsedEvent(event: parsed.event), "not written alike")
        compareWithFoundation(parsed.event, naive)
        _ = (parsed.withTrueID(), parsed.event.expiration, parsed.event.isProtected, parsed.event.address)
    }

    private static func compareWithFoundation(_ event: Event, _ naive: NaiveEvent) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(event.json)) as? [String: Any] else {
            fatalError("Foundation does not read an event's bytes")
        }
        claim((object["content"] as? String).map { Array($0.utf8) } == naive.content, "content differs")
        claim((object["created_at"] as? NSNumber)?.int64Value == naive.createdAt, "created_at differs")
        claim((object["kind"] as? NSNumber)?.int64Value == naive.kind, "kind differs")
        let tags = (object["tags"] as? [[String]])?.map { $0.map { Array($0.utf8) } }
        claim(tags == naive.tags, "tags differ")
    }
}
