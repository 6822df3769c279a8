// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import TweetCore

extension BridgeAccountCommand {
    struct Claim: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Look at X whether an account's owner has named a Nostr key, and heed it.",
            discussion: """
                The proof is a post of the account that holds the npub (NIP-39), as kind 10011 or an older kind 0 names it. \
                Without a key or a proof, events in the store that claim the account are tried. One post is paid for. \
                From then on mentions of the account mean that key, whether it is mirrored or not.
                """)
        @OptionGroup var options: ConfigOptions
        @Option(help: ArgumentHelp("The post that holds the key: its number or address.", valueName: "post"))
        var proof = ""
        @Option(
            help: ArgumentHelp(
                "What becomes of the mirror: mirror (it goes on), stop, or hand-over (it ends, and its key is written to a file for its owner).",
                valueName: "outcome"))
        var then = ClaimOutcome.mirror.rawValue
        @Argument(help: "A handle.") var handle: String
        @Argument(help: "The key, npub… or hexadecimal.") var key = ""

        func run() async throws {
            guard ClaimOutcome(rawValue: then) != nil else {
                throw ValidationError("--then must be mirror, stop or hand-over")
            }
            try await BridgeAlone(options).perform(
                BridgeOrder(verb: .claimAccount, arguments: [handle, then, key, proof]))
        }
    }

    struct Unclaim: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forget the keys that accounts have proved.",
            discussion: "A mirror that has ended stays ended until its account is added again.")
        @OptionGroup var options: ConfigOptions
        @Argument(help: "Handles, or numbers of accounts.") var accounts: [String]

        func run() async throws {
            try await BridgeAlone(options).perform(BridgeOrder(verb: .unclaimAccounts, arguments: accounts))
        }
    }

    struct Claims: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List keys that accounts have proved.")
        @OptionGroup var options: ConfigOptions

        func run() async throws { try await BridgeAlone(options).perform(BridgeOrder(verb: .listClaims)) }
    }
}
