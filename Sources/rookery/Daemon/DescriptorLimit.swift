// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import Ingest
import TweetBridge

/// How many files and sockets this process may have open.
enum DescriptorLimit {
    /// Raises the soft limit as far as it is wanted and allowed.
    ///
    /// - Returns: what is allowed from now on.
    static func raise(to wanted: Int) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return wanted }
        let target = min(rlim_t(wanted), limit.rlim_max)
        if limit.rlim_cur < target {
            var raised = limit
            raised.rlim_cur = target
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

/// What takes descriptors beside clients, and who gets how many where there are few.
struct DescriptorLimits: Hashable, Sendable {
    /// Of the store and its locks, standard streams, signals, ports, names that are looked up, and tools on the control
    /// socket; half of them are in use from the start.
    var files = 40
    /// Of each event loop.
    var perEventLoop = 3
    /// Of each process of the plugin, and of the one that it replaces.
    var perPluginProcess = 6
    /// Of the bridge: X, further relays, and tools of its own.
    var perBridge = 64
    /// Of accounts that are shared with other bridges, one each.
    var ofLeases = 1_000
    /// Of files that are uploaded, given out, mirrored and brought elsewhere at a time.
    var ofMedia = 64 + 256 + 2 * 4 + 2 * 3
    /// Of each file that is fetched: the file and its connection.
    var perDownload = 2
    /// Upstream relays get no more than one in so many of what is left.
    var upstreamShare = 4
    /// Connections that are told that there are too many get no more than one in so many of what is left then.
    var refusalShare = 8

    init() {}
}

extension Settings {
    /// Descriptors that everything together takes at the most.
    func descriptors(eventLoops: Int, _ limits: DescriptorLimits = DescriptorLimits()) -> Int {
        fixedDescriptors(eventLoops: eventLoops, limits) + (sync.isEnabled ? sync.maxRelays : 0)
            + relay.limits.refusalsAtOnce + relay.limits.maxConnections
    }

    /// Takes fewer connections where no more than `descriptors` may be open: without one left, the port would be deaf to
    /// everybody.
    mutating func fit(
        into descriptors: Int, eventLoops: Int, _ limits: DescriptorLimits = DescriptorLimits()
    ) {
        var left = max(0, descriptors - fixedDescriptors(eventLoops: eventLoops, limits))
        if sync.isEnabled { left -= min(sync.maxRelays, left / limits.upstreamShare) }
        let refusals = min(relay.limits.refusalsAtOnce, max(1, left / limits.refusalShare))
        let connections = max(1, left - refusals)
        guard connections < relay.limits.maxConnections else { return }
        relay.limits.maxConnections = connections
        relay.limits.refusalsAtOnce = refusals
    }

    private func fixedDescriptors(eventLoops: Int, _ limits: DescriptorLimits) -> Int {
        limits.files + limits.perEventLoop * (eventLoops + 1)
            + (relay.plugin.command.isEmpty ? 0 : limits.perPluginProcess * relay.plugin.processes)
            + (bridge.isEnabled ? limits.perBridge : 0)
            + (bridge.isEnabled && !bridge.leaseDirectory.isEmpty ? limits.ofLeases : 0)
            + (bridge.isEnabled && bridge.media != .link
                ? limits.ofMedia + limits.perDownload * bridge.mediaDownloads : 0)
    }
}

/// Which process this is.
enum ProcessIdentity {
    static var own: Int32 { getpid() }
}
