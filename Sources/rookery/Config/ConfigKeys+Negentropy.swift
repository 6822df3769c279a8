// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension ConfigKeys {
    /// `[relay.negentropy]`.
    static let negentropy: [ConfigKey] = [
        .flag("relay.negentropy.enabled", \.relay.negentropy.isEnabled)
            .about("Whether clients may reconcile sets of events with this relay's (NIP-77)."),
        .integer("relay.negentropy.max_records", \.relay.negentropy.maxRecords, in: 1...1_000_000_000)
            .about(
                "Events of one set; a larger one is refused with this number, unless `store.negentropy_trees` keeps it."
            ),
        .integer("relay.negentropy.max_sessions", \.relay.negentropy.maxSessions, in: 1...1_000)
            .about("Reconciliations open at once on one connection."),
        .span("relay.negentropy.idle_s", \.relay.negentropy.idle, unit: .seconds, in: 1...86_400)
            .about("A reconciliation whose client says nothing for so long is ended with `closed:`."),
        .integer("relay.negentropy.max_held_mib", \.relay.negentropy.maxHeldMiB, in: 1...1_048_576)
            .about(
                "Memory that all sets may take, 40 bytes an event; one address may have a quarter of it."
            ),
    ]
}
