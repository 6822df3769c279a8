// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What a tool asks of the daemon: one line of JSON, after which an import's events follow, one a line.
struct ControlRequest: Codable, Hashable, Sendable {
    var version = ControlLimits.version
    var command: Command
    /// How many lines of events follow.
    var lines: Int?
    /// The relay that is to be explained.
    var relay: String?
    /// What is to be removed.
    var removal: ControlRemoval?
    /// What the bridge is to do.
    var bridge: BridgeOrder?

    enum Command: String, Codable, Sendable {
        case status
        case activity
        case explain
        case importEvents = "import"
        case reload
        case remove
        case makeTrees = "make-trees"
        case bridge
    }
}

/// What the daemon answers: one line of JSON.
struct ControlAnswer: Codable, Hashable, Sendable {
    var version = ControlLimits.version
    /// Why nothing was done; absent when all went well.
    var error: String?
    /// Whether that is what is wrong with the configuration.
    var isConfigurationWrong: Bool?
    var status: DaemonStatus?
    var activity: Activity?
    var explanation: UpstreamExplanation?
    var report: ImportReport?
    /// How many events are gone; absent when they could not be removed now.
    var removed: Int?
    /// What a reload changed, and what needs a restart.
    var notes: [String]?

    static func failure(_ error: String) -> ControlAnswer { ControlAnswer(error: error) }
}
