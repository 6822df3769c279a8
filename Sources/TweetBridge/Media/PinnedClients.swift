// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
import NIOCore
import NIOSSL

/// HTTP clients that each connect to one checked address of one host: see ``FileFetcher``.
actor PinnedClients {
    private struct Target: Hashable {
        let host: String
        let address: String
    }

    private struct Entry {
        let client: HTTPClient
        var users: Int
        var lastUse: Int
    }

    private let group: any EventLoopGroup
    private let configuration: HTTPClient.Configuration
    /// Clients that are kept while nobody uses them.
    private let limit: Int
    private var entries: [Target: Entry] = [:]
    private var uses = 0

    init(group: any EventLoopGroup, configuration: HTTPClient.Configuration, limit: Int) {
        self.group = group
        self.configuration = configuration
        self.limit = limit
    }

    /// The client for a host at an address; given back by ``leave(_:_:)``.
    func take(_ host: String, _ address: String) -> HTTPClient {
        let target = Target(host: host, address: address)
        uses += 1
        var entry = entries[target] ?? Entry(client: client(target), users: 0, lastUse: uses)
        entry.users += 1
        entry.lastUse = uses
        entries[target] = entry
        return entry.client
    }

    func leave(_ host: String, _ address: String) async {
        entries[Target(host: host, address: address)]?.users -= 1
        while entries.count > limit,
            let idle = entries.filter({ $0.value.users == 0 }).min(by: { $0.value.lastUse < $1.value.lastUse }
            )
        {
            entries[idle.key] = nil
            await Self.end(idle.value.client)
        }
    }

    /// Ends all of them, and what is under way.
    func shutdown() async {
        let clients = entries.values.map(\.client)
        entries = [:]
        for client in clients { await Self.end(client) }
    }

    private func client(_ target: Target) -> HTTPClient {
        var configuration = configuration
        if target.host != target.address { configuration.dnsOverride = [target.host: target.address] }
        return HTTPClient(eventLoopGroup: group, configuration: configuration)
    }

    private static func end(_ client: HTTPClient) async {
        do { try await client.shutdown() } catch {
            // It was ended before.
            return
        }
    }
}
