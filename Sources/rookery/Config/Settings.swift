// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest
import Logging
import NIOCore
import NostrCore
import RelayServer
import RelaySession
import RelayTransport
import Telemetry

/// The whole configuration, typed: every value in here was checked. The defaults stand here and nowhere else.
struct Settings: Sendable {
    var dataDirectory = "./rookery-data"
    var logLevel = Logger.Level.info
    var logFormat = LogFormat.text
    var relay = RelaySettings()
    var store = StoreSettings()
    var sync = SyncSettings()
    var metrics = MetricsSettings()
    var bridge = BridgeSettings()
    var retention = RetentionSettings()
    var streams: [StreamSettings] = []
    /// The keys that an operator set, wherever.
    var setKeys: Set<String> = []

    /// Values that do not go together, or that this version cannot serve: the keys at fault and why.
    var contradictions: [(key: String, problem: String)] {
        var found: [(key: String, problem: String)] = []
        found += bridge.contradictions
        if sync.gitData == .required {
            found.append(
                ("sync.git_data", "\"required\" needs a git service, which is not part of this version"))
        }
        if let (name, url) = streamsToOurselves.first {
            found.append(("stream", "\(ConfigKey.shown(name)): urls: \(url) is this relay itself"))
        }
        if sync.backoffBase > sync.backoffMax {
            found.append(("sync.backoff_base_s", "must not be above sync.backoff_max_s"))
        }
        if relay.limits.shown.defaultLimit > relay.limits.shown.maxLimit {
            found.append(("relay.limits.default_limit", "must not be above relay.limits.max_limit"))
        }
        return found
    }

    /// Bends defaults to what was set beside them.
    mutating func reconcile() {
        sync.backoffBase = min(sync.backoffBase, sync.backoffMax)
        relay.limits.shown.defaultLimit = min(relay.limits.shown.defaultLimit, relay.limits.shown.maxLimit)
    }
}

/// `[relay]`: what clients see.
struct RelaySettings: Sendable {
    var listen = ListenAddress(host: "127.0.0.1", port: 7777)
    /// The authority that announcements must list; empty when there is none.
    var domain = ""
    var admission = AdmissionMode.open
    var auth = ChallengeMode.onDemand
    /// Whether filters may ask for all of some tags (NIP-91).
    var hasAllTags = false
    /// Whether filters may search for words (NIP-50), and words are indexed.
    var hasSearch = false
    /// Where the relay's secret key is; empty means `relay.key` in the data directory.
    var keyFile = ""
    /// What the status page shows.
    var statusPage = StatusVisibility.full
    var name = "Rookery"
    var description = "A Nostr relay that gathers git repositories"
    var contact = ""
    var publicKey = ""
    /// Who may manage the relay from afar, besides ``publicKey``.
    var admins: [PublicKey] = []
    var icon = ""
    var banner = ""
    var termsOfService = ""
    var limits = RelayLimitSettings()
    var policy = PolicySettings()
    var wire = WireSettings()
    var negentropy = NegentropySettings()
    /// A command that is empty asks nobody.
    var plugin = PluginSettings(command: "")
}

/// What may be stored.
enum AdmissionMode: String, CaseIterable, Sendable {
    /// Any valid event.
    case open
    /// What NIP-34 and GRASP-01 ask for, and nothing else.
    case grasp
}

/// When clients are asked who they are (NIP-42).
enum ChallengeMode: String, CaseIterable, Sendable {
    /// When it matters: for private messages and protected events.
    case onDemand = "on-demand"
    /// As soon as they come.
    case onConnect = "on-connect"
}

/// `[relay.limits]`: NIP-11's names, advertised and enforced alike; their defaults are ``RelayLimits``'s own.
struct RelayLimitSettings: Sendable {
    var shown = RelayLimits()
    var maxConnections = TransportLimits().maxConnections
    var maxConnectionsPerAddress = TransportLimits().maxConnectionsPerAddress
    /// No key: follows from ``maxConnections`` where few files may be open.
    var refusalsAtOnce = TransportLimits().refusalsAtOnce
    /// How long the address of a client that says too much nonsense is refused; zero for not at all.
    var ban = Duration(TransportLimits().barTime)

    /// **Seconds** an event may lie in the past; 0 for any.
    var createdAtLowerLimit: Int {
        get { Int(shown.createdAtLowerLimit ?? 0) }
        set { shown.createdAtLowerLimit = newValue == 0 ? nil : Int64(newValue) }
    }

    /// **Seconds** an event may lie in the future; 0 for any.
    var createdAtUpperLimit: Int {
        get { Int(shown.createdAtUpperLimit ?? 0) }
        set { shown.createdAtUpperLimit = newValue == 0 ? nil : Int64(newValue) }
    }
}

/// `[store]`.
struct StoreSettings: Sendable {
    /// Address space, not disk.
    var mapSizeGiB = 1024.0
    var durability = DurabilityMode.sync
    /// What is reconciled at once: everything, and announcements as every relay asks for them.
    var trees = [Filter(), Filter(kinds: [.repositoryAnnouncement, .graspList])]
    /// So is what belongs to any repositories.
    var keepsGroups = true

    enum DurabilityMode: String, CaseIterable, Sendable {
        case sync, relaxed
    }
}

/// `[metrics]`.
struct MetricsSettings: Sendable {
    /// A port of its own for `/metrics`; `nil` serves it on the relay's.
    var listen: ListenAddress?
}
