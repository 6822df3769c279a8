// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest

extension ConfigKeys {
    /// `[relay.plugin]`: the script that is asked about new events and, if it knows such questions, about requests.
    static let plugin: [ConfigKey] = [
        .text("relay.plugin.command", \.relay.plugin.command)
            .about("A write-policy plugin written for strfry, run by `/bin/sh -c`; empty: nobody is asked."),
        .integer("relay.plugin.processes", \.relay.plugin.processes, in: 1...64)
            .about("Copies that run side by side, each with several questions at a time."),
        .span("relay.plugin.timeout_ms", \.relay.plugin.timeout, unit: .milliseconds, in: 1...600_000)
            .about("How long one answer may take; the first of a process has ten seconds at least."),
        .choice("relay.plugin.on_failure", \.relay.plugin.onFailure)
            .about("Without an answer: `closed` refuses with `error:`, `open` accepts."),
        .flag("relay.plugin.reads", \.relay.plugin.reads)
            .about(
                "Whether it is asked about requests, too; plugins written for strfry do not know such questions."
            ),
    ]
}
