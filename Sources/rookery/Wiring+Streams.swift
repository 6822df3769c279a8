// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import NIOCore
import NIOPosix
import NostrCore
import RelayServer
import RelaySession
import SyncEngine
import SyncPlanner
import Telemetry

extension Wiring {
    /// What mirrors other relays; goes by other streams when the configuration is read again.
    func streams(
        _ own: borrowing OwnStore, key: SecretKey, connector: any UpstreamConnector, _ sightings: Sightings,
        timers: any EventLoop, listening address: ListenAddress, _ metering: StreamMetering,
        _ reloading: Reloading
    ) -> StreamService {
        let world = StreamWorld(
            store: own.store, ingest: own.ingest, connector: connector, sightings: sightings, key: key,
            clock: .system(wall: SystemClocks.now, timers: timers),
            threads: NIOThreadPool(numberOfThreads: 1),
            observer: metering, guardedKinds: RelayFeatures.privateKinds,
            backoffBase: settings.sync.backoffBase, backoffMost: settings.sync.backoffMax)
        let logger = output.logger("stream")
        let own = settings.ownAddresses(listening: address)
        let others: @Sendable ([StreamSettings]) -> [StreamSettings] = { streams in
            streams.map { stream in
                var stream = stream
                stream.urls.removeAll { url in
                    guard own.contains(url) else { return false }
                    logger.warning(
                        "a stream names this relay itself: it is not dialled",
                        metadata: [LogKey.stream: "\(stream.name)", LogKey.relay: "\(url)"])
                    return true
                }
                return stream
            }
        }
        let service = StreamService(others(settings.streams), world)
        reloading.hooks.add { service.adopt(others($0.streams)) }
        return service
    }

    func streamMetering() -> StreamMetering {
        StreamMetering(
            meters: StreamMeters(registry, maxStreams: StreamConfigLimits.streams),
            logger: output.logger("stream"), uptime: SystemClocks.uptime)
    }
}
