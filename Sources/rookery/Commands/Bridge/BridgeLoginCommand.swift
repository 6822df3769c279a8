// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import TweetBridge
import TweetCore

/// `rookery bridge login`
struct BridgeLoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Have an account of X consent to being asked and posted for (OAuth 2.0 with PKCE).",
        discussion: """
            Needs bridge.oauth_client_file. Prints an address to be opened in a browser that is signed in as the \
            account, and reads the address at which the browser ends up, within 30 seconds of the consent. With \
            --refresh-token a token that another program had is taken instead; that program cannot use it any more. \
            A daemon that runs goes on with the new tokens at once.
            """)

    @OptionGroup var options: ConfigOptions
    @Option(help: ArgumentHelp("A file, its owner's alone, with a refresh token.", valueName: "file"))
    var refreshToken: String?

    func run() async throws {
        let settings = try options.settings()
        guard let file = try OAuthClientFile(settings.bridge.links) else {
            throw CommandFailure("bridge.oauth_client_file: names no file")
        }
        let words: [String]
        if let refreshToken {
            words = ["refresh", try BridgeSecrets.read("", refreshToken, key: "--refresh-token")]
        } else {
            words = try Self.ask(file, settings.bridge)
        }
        try await BridgeAlone(options).perform(BridgeOrder(verb: .signIn, arguments: words))
    }

    private static func ask(_ file: OAuthClientFile, _ settings: BridgeSettings) throws -> [String] {
        var generator = SystemRandomNumberGenerator()
        let consent = ConsentRequest(
            client: file.client.id, redirect: file.redirect,
            scopes: ConsentRequest.scopes(mayWrite: settings.links.isOutbound),
            chance: (0..<ConsentRequest.chanceBytes).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            })
        Console.say("Open this in a browser that is signed in as the account:\n")
        Console.say(consent.address(at: settings.pagesForPeople) + "\n")
        Console.say(
            "The browser ends up at \(file.redirect)…, whether or not a page shows there.\n"
                + "Paste that address here, within 30 seconds:")
        guard let answer = readLine() else { throw CommandFailure("no address was given") }
        do {
            guard case .code(let code, let verifier, let redirect) = try consent.grant(in: answer) else {
                throw ConsentRequest.Refusal.noCode
            }
            return ["code", code.revealed, verifier.revealed, redirect]
        } catch let refusal as ConsentRequest.Refusal { throw CommandFailure(refusal.description) }
    }
}

extension BridgeSettings {
    /// Where consent is given: X keeps that elsewhere than its API.
    fileprivate var pagesForPeople: String {
        let base = apiBaseURL.hasSuffix("/") ? String(apiBaseURL.dropLast()) : apiBaseURL
        return ["https://api.x.com", "https://api.twitter.com"].contains(base) ? "https://x.com" : base
    }
}
