// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// The flags that `serve` takes besides ``ConfigOptions``: what an operator would type rather than write in a file.
struct RelayOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp("The authority that announcements must list.", valueName: "authority"))
    var domain: String?

    @Option(help: "open: any valid event; grasp: what NIP-34 and GRASP-01 ask for.")
    var admission: String?

    @Option(help: "The relay's name in NIP-11.")
    var name: String?

    @Option(help: ArgumentHelp("The relay's secret key; made when missing.", valueName: "file"))
    var keyFile: String?

    @Option(help: ArgumentHelp("An upstream relay to gather from; repeatable.", valueName: "url"))
    var bootstrap: [String] = []

    @Option(
        help: ArgumentHelp("Also follow repositories that do not list us; repeatable.", valueName: "pattern"))
    var archive: [String] = []

    @Flag(inversion: .prefixedNo, help: "Gather from upstream relays.")
    var sync: Bool?

    @Flag(inversion: .prefixedNo, help: "Dial private addresses that announcements name.")
    var allowPrivateAddresses: Bool?

    @Option(
        help: ArgumentHelp("Certificates to trust upstream besides the system's, in PEM.", valueName: "file"))
    var caFile: String?

    @Option(help: "sync: OK means on disk; relaxed: for imports.")
    var durability: String?

    @Option(help: ArgumentHelp("A port of its own for /metrics.", valueName: "host:port"))
    var metricsListen: String?

    /// What was typed, as settings.
    var flags: [ConfigLoader.Flag] {
        var flags: [ConfigLoader.Flag] = []
        flags.add("--listen", "relay.listen", listen)
        flags.add("--domain", "relay.domain", domain)
        flags.add("--admission", "relay.admission", admission)
        flags.add("--name", "relay.name", name)
        flags.add("--key-file", "relay.key_file", keyFile)
        flags.add("--bootstrap", "sync.bootstrap", bootstrap)
        flags.add("--archive", "sync.archive", archive)
        flags.add("--sync", "sync.enabled", sync)
        flags.add("--allow-private-addresses", "sync.allow_private_addresses", allowPrivateAddresses)
        flags.add("--ca-file", "sync.ca_file", caFile)
        flags.add("--durability", "store.durability", durability)
        flags.add("--metrics-listen", "metrics.listen", metricsListen)
        return flags
    }
}
