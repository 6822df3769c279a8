// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest

extension ConfigKeys {
    /// `[relay.plugin]`: the script that is asked about new events.
    static let plugin: [ConfigKey] = [
        .text("relay.plugin.command", \.relay.plugin.command),
        .integer("relay.plugin.processes", \.relay.plugin.processes, in: 1...64),
        .span("relay.plugin.timeout_ms", \.relay.plugin.timeout, unit: .milliseconds, in: 1...600_000),
        .choice("relay.plugin.on_failure", \.relay.plugin.onFailure),
    ]
}
