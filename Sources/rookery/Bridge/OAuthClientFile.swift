// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge
import TweetCore

/// The client that was registered with X, as `bridge.oauth_client_file` holds it:
///
/// ```json
/// {"client_id": "…", "client_secret": "…", "redirect_uri": "http://127.0.0.1:8481/"}
/// ```
/// A public client has no secret.
struct OAuthClientFile {
    let client: OAuthClient
    /// Where X sends the browser: registered with the client, letter by letter.
    let redirect: String

    static let usualRedirect = "http://127.0.0.1:8481/"

    /// - Returns: `nil` where no file is named.
    /// - Throws: one line that names the key and nothing of what is in the file.
    init?(_ settings: BridgeLinkSettings) throws(CommandFailure) {
        if settings.oauthClientFile.isEmpty { return nil }
        let key = "bridge.oauth_client_file"
        let text = try BridgeSecrets.read("", settings.oauthClientFile, key: key)
        guard let json = try? JSONTree(Array(text.utf8)).root, json.isObject,
            let id = json["client_id"]?.text, !id.isEmpty
        else {
            throw CommandFailure("\(key): \(settings.oauthClientFile): is no JSON object with a client_id")
        }
        client = OAuthClient(id: id, secret: json["client_secret"]?.text.map { Secret($0) })
        redirect = json["redirect_uri"]?.text ?? Self.usualRedirect
    }
}
