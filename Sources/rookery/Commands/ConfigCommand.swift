// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery config …`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at the configuration.", subcommands: [Check.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the configuration and print what is in force, as TOML.",
            discussion: "Secrets are masked. Exit code 2 and one line when something is wrong.")

        @OptionGroup var options: ConfigOptions
        @OptionGroup var relay: RelayOptions

        func run() throws {
            let loader = try options.loader(and: relay.flags)
            let settings = try loader.load()
            for variable in loader.environment.unknown {
                Console.complain("rookery: environment: \(variable): no such key; ignored")
            }
            for (key, instead) in settings.unserved {
                Console.complain("rookery: \(key): not part of this version; \(instead)")
            }
            Console.say(String(settings.toml.dropLast()))
        }
    }
}
