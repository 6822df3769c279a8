// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Logging
import Telemetry
import TweetBridge

/// Files of media.
extension BridgeMetering {
    func fetchedMedia(_ round: MediaDownloader.Round) {
        meters.media["stored"].increment(by: round.stored)
        meters.media["postponed"].increment(by: round.postponed)
        meters.media["failed"].increment(by: round.failed)
        guard round.failed > 0 else { return }
        logger.warning("media are given up", metadata: [LogKey.failedCount: .number(round.failed)])
    }

    func tidied(_ round: BlobTidying.Round) {
        meters.media["removed"].increment(by: round.removed + round.unknown)
        logger.info(
            "files of media are removed",
            metadata: [
                LogKey.count: .number(round.removed + round.unknown), LogKey.byteCount: .number(round.bytes),
            ])
    }
}
