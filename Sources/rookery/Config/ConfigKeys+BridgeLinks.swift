// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetBridge
import TweetCore

extension ConfigKeys {
    static let bridgeLinks: [ConfigKey] = [
        .text("bridge.oauth_client_file", \.bridge.links.oauthClientFile)
            .about("A file that holds the OAuth client as JSON; see `rookery bridge login`."),
        .flag("bridge.outbound", \.bridge.links.isOutbound)
            .about("Whether approved actions are done on X: posts made and removed."),
        .flag("bridge.outbound_links", \.bridge.links.allowsLinks)
            .about("Whether posts made on X may hold links: X takes thirteen times the money for them."),
        ConfigKey.parsed("bridge.redis_write_queue", \.bridge.links.redisWriteQueue, show: { $0 }) {
            text throws(ConfigProblem) in
            if text.isEmpty { return text }
            do { _ = try RedisAddress(text) } catch { throw ConfigProblem("is not taken: \(error)") }
            return text
        }.taking("a redis:// URL").about("An inbox for producers of the older stack, redis://host:6379/0.")
            .secret(),
        .flag("bridge.redis_trusts_approvals", \.bridge.links.trustsRedisApprovals)
            .about("Whether an item in Redis that says that it is approved is believed."),
        .list("bridge.webhooks", \.bridge.links.webhooks, max: WebhookLimits().hooks, show: { $0 }) {
            text throws(ConfigProblem) in
            do throws(Webhook.Refusal) { return try Webhook.checked(text) } catch {
                // It may hold a secret.
                throw ConfigProblem("\(error)")
            }
        }.about("URLs that are told of every post that is mirrored."),
        .text("bridge.webhook_secret_file", \.bridge.links.webhookSecretFile)
            .about("A file that holds what messages to webhooks are signed with, 16 bytes or more."),
        ConfigKey.text("bridge.webhook_secret", \.bridge.links.webhookSecret)
            .about("The secret itself.").secret(),
        .flag("bridge.webhooks_private", \.bridge.links.allowsPrivateWebhooks)
            .about("Whether webhooks may be on this machine or in its network."),
    ]
}
