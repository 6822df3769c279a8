// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import RelayServer
import RelayTransport
import Telemetry
import TweetBridge

extension Wiring {
    /// The page on which moderators decide about posts.
    func moderationServer(_ store: BridgeStore) -> ModerationServer {
        let logger = output.logger("bridge")
        return ModerationServer(
            store, now: BridgeClock.system.now,
            tell: { news in
                switch news {
                case .signedIn(let name):
                    logger.notice("a moderator signed in", metadata: [LogKey.moderator: "\(name)"])
                case .refused: logger.notice("somebody could not sign in as a moderator")
                }
            })
    }

    /// Gives the page what is there only once the port is bound.
    func begin(_ page: ModerationServer, _ bridge: BridgeHouse?, _ server: RelayServer) {
        if let bridge { page.adopt(bridge.bridge) }
        let signers = server.httpAuthenticator
        page.adopt { request, mayAsk in
            do throws(HTTPAuthenticator.Refusal) {
                return .success(try signers.author(of: request, isExact: true, mayAsk: mayAsk))
            } catch { return .failure(SignatureRefusal(error.reason, isTemporary: error.isTemporary)) }
        }
    }
}
