// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NostrCore

/// Every bound of a connection, inbound and outbound.
public struct TransportLimits: Hashable, Sendable {
    // MARK: Messages

    /// The longest message accepted, in bytes; one byte more is answered with close code 1009.
    public var maxMessageLength = 2_097_152
    /// The longest message that is handed over in parts when it is longer than ``maxMessageLength``, in bytes; see
    /// ``WebSocketPeer/receivedPart(_:isLast:)``. Less than that: there are none.
    public var maxLengthInParts = 0
    /// The buffer that a connection reads into at first, in bytes. It grows with what comes in one read, and is what a
    /// resting connection keeps.
    public var firstReadLength = 512
    /// How long one message may take from its first byte to its last.
    public var messageTimeout: TimeAmount = .seconds(120)
    /// Bytes of messages that have begun and not ended, over all connections of one ``Listener`` or ``Dialer``; above
    /// it the longest that has taken ``unfinishedPatience`` or more ends its conversation, above twice as much the
    /// longest of all.
    public var maxUnfinishedBytesInTotal = 67_108_864
    /// How long a message may take however crowded it is.
    public var unfinishedPatience: TimeAmount = .seconds(5)
    /// After this long without a byte from the other side a ping is sent.
    public var pingInterval: TimeAmount = .seconds(30)
    /// After this long without a byte since the ping the connection is given up as half-open.
    public var pongTimeout: TimeAmount = .seconds(30)
    /// How long the closing handshake may take before the connection is cut.
    public var closeTimeout: TimeAmount = .seconds(3)

    // MARK: Outbound queue

    /// Queued bytes above which ``WebSocketConnection/isWritable`` is `false`.
    public var highWaterMark = 262_144
    /// Queued bytes below which it is `true` again.
    public var lowWaterMark = 65_536
    /// Bytes that the kernel takes of one connection beyond those that are on their way, where it can be told so (Linux).
    /// By itself it takes megabytes for somebody who does not read.
    public var maxUnsentBytes = 131_072
    /// Queued bytes above which the reader is hopeless: it is closed with 1013.
    public var maxQueuedBytes = 8_388_608
    /// Bytes queued over all connections of one ``Listener``; above it, the reader that adds more while it is over its
    /// own high-water mark is closed with 1013.
    public var maxQueuedBytesInTotal = 268_435_456
    /// A reader with a queue that takes no byte for this long is hopeless, too.
    public var stallTimeout: TimeAmount = .seconds(60)

    // MARK: Compression

    /// Whether clients that offer permessage-deflate are taken at their word. What a compressed message stands for is
    /// bounded by ``maxMessageLength`` as every message is.
    public var compresses = true

    // MARK: HTTP

    /// The longest request or response head, in bytes; more is answered with 431.
    public var maxHeadLength = 16_384
    /// The longest request body, in bytes; more is answered with 413.
    public var maxBodyLength = 65_536
    /// Bytes of bodies that have begun and not ended, over all connections of one ``Listener``; beyond it a body is
    /// answered with 503.
    public var maxBodyBytesInTotal = 16_777_216
    /// How long the first head may take from the connection's opening, and a body from the end of its head; then 408.
    public var requestTimeout: TimeAmount = .seconds(10)
    /// How long a streamed body may pause, and how far it may be behind ``slowestBody``; then it is given up.
    public var bodyPatience: TimeAmount = .seconds(10)
    /// **Bytes** a second that a streamed body has to come with on the average, while somebody takes them.
    public var slowestBody = 8_192
    /// **Bytes** of one streamed body that wait to be taken; beyond it nothing is read from its connection. What one turn of
    /// reading brings, 256 KiB at the most, comes on top.
    public var waitingBodyBytes = 131_072
    /// Bodies streamed at once, over all connections of one ``Listener``; a further one is answered with 503.
    public var streamedBodies = 64
    /// **Bytes** of a file that are read at once, and wait to be sent; a client that does not take so many within
    /// ``stallTimeout`` is cut off.
    public var filePiece = 131_072
    /// Files sent at once, over all connections of one ``Listener``; a further one is answered with 503.
    public var filesAtOnce = 256
    /// Answers without an end at once, over all connections of one ``Listener``; a further one is answered with 503.
    public var openAnswers = 64
    /// **Bytes** of one such answer that wait to be taken; beyond it the client does not read, and is cut off. So is one that
    /// takes nothing for ``stallTimeout``.
    public var openAnswerBytes = 262_144
    /// How long after an answer the head of a further request must be whole; then the connection ends.
    public var keepAliveTimeout: TimeAmount = .seconds(15)

    // MARK: Connections

    /// Connections at once; more are answered with 503.
    public var maxConnections = 20_000
    /// Connections at once from one IPv4 address or one IPv6 /64; more are answered with 429.
    ///
    /// Behind a reverse proxy that is none of ``trustedProxies`` all clients share one address, so by default only
    /// ``maxConnections`` binds.
    public var maxConnectionsPerAddress = 20_000
    /// Connections beyond these limits that are held at once until they have asked and been told; the next is told
    /// without being asked.
    public var refusalsAtOnce = 64
    /// How long an address is refused, with 429, after one of its connections was expelled; zero for not at all.
    public var barTime: TimeAmount = .seconds(10)
    /// Addresses refused at once; beyond it a further one is let in again.
    public var maxBarredAddresses = 4_096
    /// Peers that are believed when they say, by `X-Forwarded-For`, on whose behalf they ask. That address counts in all
    /// that goes by address; of connections, only WebSocket conversations count then, as a proxy asks for many over one.
    public var trustedProxies: [AddressPrefix] = []
    /// Whether addresses that are not globally reachable are refused, too. A reverse proxy has one of those, and all of
    /// its clients share it.
    public var barsLocalAddresses = false
    /// How long nobody is accepted after that has failed, as it does while no file descriptor is left.
    public var acceptPause: TimeAmount = .seconds(1)
    /// The kernel's queue of connections not yet accepted.
    public var backlog = 1_024

    public init() {}

    /// Takes messages of another length, and lets the longest of them be sent again to whoever reads it.
    public mutating func fit(_ messageLength: Int) {
        maxMessageLength = messageLength
        maxQueuedBytes = max(maxQueuedBytes, 4 * messageLength)
        maxQueuedBytesInTotal = max(maxQueuedBytesInTotal, 4 * maxQueuedBytes)
    }

    /// How much is read at once.
    var reading: AdaptiveRecvByteBufferAllocator {
        AdaptiveRecvByteBufferAllocator(minimum: 64, initial: max(64, firstReadLength), maximum: 65_536)
    }
}
