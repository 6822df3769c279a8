// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import RelayServer
import RelaySession
import RelayTransport
import RepositoryRules
import SyncEngine
import SyncPlanner

extension Settings {
    /// What the planner is told; `address` is where we listen, as bound.
    func syncConfiguration(
        listening address: ListenAddress, curation: RepositoryCuration = RepositoryCuration()
    ) -> SyncConfiguration {
        var configuration = SyncConfiguration(
            bootstrap: sync.bootstrap, own: ownAddresses(listening: address),
            service: ServiceAuthority(relay.domain),
            archive: sync.archive, curation: curation)
        configuration.batchWindow = sync.batchWindow
        configuration.quickReconnectWindow = sync.quickReconnectWindow
        configuration.disconnectCheckInterval = sync.disconnectCheckInterval
        configuration.backoffBase = sync.backoffBase
        configuration.backoffMax = sync.backoffMax
        configuration.consolidationThreshold = sync.consolidationThreshold
        configuration.dailyResync =
            TimeUnit.hours.duration(
                sync.dailyResyncHours.lowerBound)...TimeUnit.hours.duration(sync.dailyResyncHours.upperBound)
        configuration.rateLimitPause = sync.rateLimitPause
        configuration.deadAfter = sync.deadAfter
        configuration.deadRetry = sync.deadRetry
        configuration.misbehavingAfter = sync.misbehavingAfter
        configuration.misbehavingPause = sync.misbehavingPause
        configuration.overlap = sync.overlap
        configuration.answerTimeout = sync.answerTimeout
        configuration.heartbeat = sync.heartbeat
        configuration.cursorInterval = sync.cursorInterval
        configuration.informationLifetime = sync.informationLifetime
        configuration.limits.relaysMax = sync.maxRelays
        configuration.usesNegentropy = sync.usesNegentropy
        return configuration
    }

    /// What this relay can be reached as; `address` is where it listens.
    func ownAddresses(listening address: ListenAddress) -> OwnAddresses {
        var own = OwnAddresses()
        own.insert(domain: relay.domain)
        own.insert(listenHost: address.host, port: address.port)
        if address.host == "0.0.0.0" || address.host == "::" {
            for device in (try? System.enumerateDevices()) ?? [] {
                // Of an address that belongs to one link, without the name of that link.
                let host = device.address?.ipAddress?.split(separator: "%").first
                if let host { own.insert(listenHost: String(host), port: address.port) }
            }
        }
        return own
    }

    /// How upstream relays are dialled.
    var dialOptions: DialOptions {
        var options = DialOptions()
        options.allowPrivateAddresses = sync.allowsPrivateAddresses
        options.caFile = sync.caFile.isEmpty ? nil : sync.caFile
        options.limits = .upstream(eventLength: relay.limits.shown.maxMessageLength)
        options.headers = ["User-Agent": "Rookery/\(Version.text)"]
        return options
    }
}
