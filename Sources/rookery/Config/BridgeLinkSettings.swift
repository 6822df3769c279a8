// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// `[bridge]`: its ties to others than X's lists and relays. All of them are off unless the operator names something.
struct BridgeLinkSettings: Sendable {
    var oauthClientFile = ""
    /// Whether posts are made and removed on X.
    var isOutbound = false
    /// Whether those may hold links.
    var allowsLinks = false
    /// As it was written, with its password.
    var redisWriteQueue = ""
    var trustsRedisApprovals = false
    var webhooks: [String] = []
    var webhookSecretFile = ""
    var webhookSecret = ""
    var allowsPrivateWebhooks = false

    /// What does not go together.
    var contradictions: [(key: String, problem: String)] {
        var found: [(key: String, problem: String)] = []
        if isOutbound, oauthClientFile.isEmpty {
            found.append(("bridge.outbound", "posting needs a user's consent: bridge.oauth_client_file"))
        }
        if !webhooks.isEmpty, webhookSecret.isEmpty, webhookSecretFile.isEmpty {
            found.append(("bridge.webhooks", "messages are signed: bridge.webhook_secret_file is needed"))
        }
        return found
    }
}
