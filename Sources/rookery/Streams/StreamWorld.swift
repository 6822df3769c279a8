// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import EventStore
import Ingest
import NIOPosix
import NostrCore
import SyncEngine

/// What all conversations of all streams share.
struct StreamWorld: Sendable {
    let store: EventStore
    let ingest: Ingest
    let connector: any UpstreamConnector
    let sightings: Sightings
    /// Answers challenges (NIP-42).
    let key: SecretKey
    let clock: SyncClock
    /// Reads our store: never on a thread that others need.
    let threads: NIOThreadPool
    let observer: any StreamObserver
    var sets = StreamSets()
    /// Kinds that not everybody may read.
    var guardedKinds: [Kind] = []
    var backoffBase = Duration.seconds(5)
    var backoffMost = Duration.seconds(3_600)
    var limits = StreamLimits()

    func terms(_ line: StreamLine) -> StreamTerms {
        StreamTerms(
            filter: line.filter, direction: line.direction, guardedKinds: guardedKinds,
            backoffBase: backoffBase, backoffMost: backoffMost, limits: limits)
    }
}
