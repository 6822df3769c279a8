// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import Telemetry
import TweetBridge
import TweetCore

/// Looks whether the file with the app's bearer token is another, and has X asked with what is in it.
struct TokenWatch: Sendable {
    let path: String
    let token: AppToken
    let client: XClient
    let bridge: Bridge
    let metering: BridgeMetering
    let logger: Logger

    /// Goes on until it is cancelled.
    func run() async {
        guard !path.isEmpty else { return }
        var trouble = ""
        while (try? await Task.sleep(for: .seconds(5))) != nil { await look(&trouble) }
    }

    /// - Parameter trouble: what was wrong with the file at the last look: each trouble is told once.
    func look(_ trouble: inout String) async {
        let secret: Secret
        do { secret = try BridgeSecrets.bearerToken(at: path) } catch {
            if "\(error)" != trouble {
                logger.error("the bearer token is not taken", metadata: [LogKey.error: "\(error)"])
            }
            return trouble = "\(error)"
        }
        trouble = ""
        guard token.adopt(secret) else { return }
        await client.resume(token.asker)
        metering.renewed()
        bridge.credentialRenewed()
        logger.notice("the bearer token is another: X is asked with it from now on")
    }
}
