// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser

/// `rookery config …`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Look at the configuration.",
        subcommands: [Check.self, Reference.self])

    struct Reference: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print every key, what it takes and what it does, as Markdown.")

        func run() { Console.say(String(ConfigReference.markdown.dropLast())) }
    }

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
            Console.say(String(settings.toml.dropLast()))
        }
    }
}
