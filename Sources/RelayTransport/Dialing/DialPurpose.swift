// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// What is done with a connection once it stands: asked for WebSocket, or for one document.
enum DialPurpose: Sendable {
    /// With what to compress, if that is to be offered.
    case webSocket(CompressionByLoop, @Sendable () -> any WebSocketPeer)
    case document(DocumentRequest)

    var use: AddressLedger.Use {
        switch self {
        case .webSocket: .conversation
        case .document: .document
        }
    }

    /// How long all stages together may take.
    func timeout(_ options: DialOptions) -> TimeAmount {
        switch self {
        case .webSocket: options.connectTimeout
        case .document: options.documentTimeout
        }
    }

    var stage: DialStage {
        switch self {
        case .webSocket: .upgrading
        case .document: .reading
        }
    }

    /// Adds the handlers that do it; `outcome` is kept or broken when it is done.
    func begin(
        on channel: any Channel, target: DialTarget, options: DialOptions, tally: TransportTally,
        outcome: EventLoopPromise<Void>
    ) throws {
        switch self {
        case .webSocket(let compression, let makePeer):
            var generator = SystemRandomNumberGenerator()
            let loop = compression[channel.eventLoop]
            let offer = UpgradeOffer(
                target, headers: options.headers, compresses: loop != nil, using: &generator)
            let handshake = ClientHandshakeHandler(
                offer: offer, maxHeadLength: options.limits.maxHeadLength, outcome: outcome
            ) { channel, terms in
                let compression = terms.flatMap { terms in loop.map { ($0, terms) } }
                return WebSocketHandler(
                    channel: channel, role: .client, tally: tally, compression: compression, peer: makePeer())
            }
            try channel.pipeline.syncOperations.addHandler(handshake)
        case .document(let request):
            let reader = DocumentHandler(
                request: request, target: target, headers: options.headers, outcome: outcome)
            try channel.pipeline.syncOperations.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
            try channel.pipeline.syncOperations.addHandler(reader)
        }
    }
}
