// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// One conversation of one stream, by what it is about.
struct StreamLine: Hashable, Sendable {
    let stream: String
    let relay: RelayURL
    let direction: SyncDirection
    let filter: Filter

    static func lines(_ streams: [StreamSettings]) -> [StreamLine] {
        streams.flatMap { stream in
            stream.urls.map {
                StreamLine(
                    stream: stream.name, relay: $0, direction: stream.direction, filter: stream.filter)
            }
        }
    }
}
