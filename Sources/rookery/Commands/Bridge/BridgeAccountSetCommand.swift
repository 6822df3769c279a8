// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import TweetBridge
import TweetCore

extension BridgeAccountCommand {
    /// `rookery bridge account set`
    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Change how accounts are mirrored, from the next post on.",
            discussion: """
                Rules of an account are instead of the configuration's, and begin as those are; --inherit-rules takes \
                them away. A list is a,b and replaces the one before; an empty one ("") is none. A post is judged \
                once, when it is read: `rookery bridge post` mirrors one that was left out.
                """)
        @OptionGroup var options: ConfigOptions
        @Flag(inversion: .prefixedNo, help: "Whether it is read at all.") var active: Bool?
        @Flag(inversion: .prefixedNo, help: "Whether its own posts are mirrored.") var posts: Bool?
        @Option(help: ArgumentHelp("Leave out posts made before that, or none.", valueName: "day"))
        var since: String?
        @Option(help: ArgumentHelp("Leave out posts made then or later, or none.", valueName: "day"))
        var until: String?
        @Option(help: ArgumentHelp("A post must have one of these.", valueName: "words"))
        var wordsRequired: String?
        @Option(help: ArgumentHelp("Leave out posts with one of these.", valueName: "words"))
        var wordsRefused: String?
        @Option(help: "A post must be one of: own, reply, repost, quote, media.") var kinds: String?
        @Option(help: ArgumentHelp("Leave out posts that are one of these.", valueName: "kinds"))
        var kindsRefused: String?
        @Flag(help: "Go by the configuration's rules again.") var inheritRules = false
        @Option(help: "inherited, off, approved (unless a rule says otherwise) or queue.") var moderation:
            String?
        @Option(help: "What becomes of events when posts are protected or suspended: keep or delete.")
        var hidden: String?
        @Option(help: ArgumentHelp("Seconds between two polls, or none.", valueName: "seconds"))
        var interval: String?
        @Argument(help: "Handles, or numbers of accounts.") var accounts: [String]

        func run() async throws {
            var order = BridgeOrder(verb: .setAccounts, arguments: accounts)
            order.options.change = try change()
            try await BridgeAlone(options).perform(order)
        }

        private func change() throws -> AccountChange {
            var change = AccountChange()
            change.isActive = active
            change.mirrorsPosts = posts
            change.moderation = try word(moderation, "--moderation")
            change.hidden = try word(hidden, "--hidden")
            change.interval = try interval.map(Self.interval)
            change.inheritsRules = inheritRules
            change.rules.since = try since.map { try Self.moment($0, "--since") }
            change.rules.until = try until.map { try Self.moment($0, "--until") }
            change.rules.wordsIn = try wordsRequired.map { try Self.words($0, "--words-required") }
            change.rules.wordsOut = try wordsRefused.map { try Self.words($0, "--words-refused") }
            change.rules.kindsIn = try kinds.map { try Self.kinds($0, "--kinds") }
            change.rules.kindsOut = try kindsRefused.map { try Self.kinds($0, "--kinds-refused") }
            guard !change.isEmpty else { throw ValidationError("nothing is to be changed: see --help") }
            return change
        }

        private func word<Word: RawRepresentable<String> & CaseIterable>(
            _ text: String?, _ flag: String
        ) throws -> Word? {
            guard let text else { return nil }
            guard let word = Word(rawValue: text) else {
                let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("\(flag) takes \(words), not \(ConfigKey.shown(text))")
            }
            return word
        }

        private static func interval(_ text: String) throws -> Wish<Int64> {
            if text == "none" { return .nothing }
            guard let seconds = Int64(text), (1...86_400).contains(seconds) else {
                throw ValidationError("--interval takes 1 … 86400 or none, not \(ConfigKey.shown(text))")
            }
            return .of(seconds * 1_000)
        }

        private static func moment(_ text: String, _ flag: String) throws -> Wish<Int64> {
            if text == "none" { return .nothing }
            return .of(try MomentArgument.parse(text, flag))
        }

        private static func words(_ text: String, _ flag: String) throws -> [String] {
            let words = try items(text).map { item in
                guard let word = MirrorRules.word(item) else {
                    throw ValidationError("\(flag): not a word or phrase: \(ConfigKey.shown(item))")
                }
                return word
            }
            guard words.count <= MirrorRules.mostWords else {
                throw ValidationError("\(flag) takes \(MirrorRules.mostWords) words at the most")
            }
            return words
        }

        private static func kinds(_ text: String, _ flag: String) throws -> [PostKind] {
            try items(text).map { item in
                guard let kind = PostKind(rawValue: item) else {
                    throw ValidationError("\(flag) takes \(ConfigKeys.kinds), not \(ConfigKey.shown(item))")
                }
                return kind
            }
        }

        private static func items(_ text: String) -> [String] {
            text.split(separator: ",").map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }.map(
                String.init)
        }
    }
}

/// Moments on the command line.
enum MomentArgument {
    /// - Returns: **milliseconds** since 1970.
    static func parse(_ text: String, _ flag: String) throws -> Int64 {
        guard let moment = UTCMoment.wanted(text) else {
            throw ValidationError("\(flag) takes a day like 2026-01-31, not \(ConfigKey.shown(text))")
        }
        return moment
    }
}
