// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import RelayServer
import RelayTransport
import TweetBridge
import TweetCore

extension Settings {
    /// Where files of media are fetched to and served from; `nil` when events name X's own addresses.
    func keptMedia(
        _ store: BridgeStore, dialer: Dialer, group: any EventLoopGroup
    ) throws(CommandFailure) -> KeptMedia? {
        guard bridge.isEnabled, bridge.media != .link else { return nil }
        guard let base = mediaBase else {
            throw CommandFailure(
                "bridge.media = \(ConfigKey.shown(bridge.media.rawValue)) needs relay.domain, as nobody can ask for"
                    + " files at \(relay.listen)")
        }
        // What stands in for X has its files where it is: the operator has named it.
        let isX =
            bridge.apiBaseURL.hasSuffix("//api.x.com") || bridge.apiBaseURL.hasSuffix("//api.twitter.com")
        do {
            return try KeptMedia(
                store, directory: dataDirectory + "/media", baseURL: base,
                servers: bridge.media == .blossom ? bridge.blossomServers : [], dialer: dialer, group: group,
                trust: isX ? .namedByStrangers : .operatorNamed, limits: bridge.mediaLimits)
        } catch { throw CommandFailure("\(dataDirectory)/media: \(error)") }
    }

    /// Where readers find files on our own port; `nil` where it has no address that others could ask.
    var mediaBase: String? {
        if !relay.domain.isEmpty { return "https://\(relay.domain)" }
        let isAny = ["0.0.0.0", "::"].contains(relay.listen.host)
        return isAny || relay.listen.port == 0 ? nil : "http://\(relay.listen)"
    }

    /// What serves files, and takes some, on our own port.
    func blossomServer(_ media: KeptMedia?, for uploaders: BlossomUploaders) -> BlossomServer? {
        uploaders.adopt(self)
        return media?.server(mayUpload: uploaders.mayUpload) { configuration in
            configuration.mayDeleteAll = uploaders.mayDeleteAll
            configuration.lists = bridge.blossom.lists
            configuration.limits.maxBlobBytes = Int64(bridge.blossom.maxBlobMiB) << 20
            configuration.limits.maxBytesPerKey = Self.bytes(bridge.blossom.quotaGiB)
            configuration.limits.maxTotalBytes =
                bridge.blossom.maxTotalGiB > 0 ? Self.bytes(bridge.blossom.maxTotalGiB) : nil
        }
    }

    fileprivate static func bytes(_ gibibytes: Double) -> Int64 { Int64(gibibytes * 1_073_741_824) }
}

extension BridgeSettings {
    fileprivate var mediaLimits: MediaLimits {
        var limits = MediaLimits()
        limits.patience = Int64(mediaPatience / .milliseconds(1))
        limits.downloadsAtOnce = mediaDownloads
        limits.maxFileBytes = Int64(maxMediaFileMiB) << 20
        limits.keptSeconds = mediaKeptDays > 0 ? Int64(mediaKeptDays * 86_400) : nil
        limits.maxTotalBytes = maxMediaGiB > 0 ? Settings.bytes(maxMediaGiB) : nil
        return limits
    }
}
