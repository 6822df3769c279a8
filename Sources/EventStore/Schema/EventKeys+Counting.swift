// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

package import NostrCore

extension EventStore {
    /// Makes the index entries of an event as a write does, and says how many there are: for those who count what it costs.
    package func indexEntries(of event: Event) -> Int {
        let header = EventHeader(
            id: event.id, pubkey: event.pubkey, layout: event.layout, expiration: event.expiration)
        var batch = IndexBatch(base: Serial(rawValue: 1))
        EventKeys(maker: maker).addEntries(
            of: header, json: event.json.span, serial: Serial(rawValue: 1), to: &batch)
        return batch.count
    }
}
