// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Everything that was asked of a ``ScriptedRelay``.
public struct UpstreamRecord: Sendable {
    /// TCP connections accepted.
    public var connections = 0
    /// When each of them came.
    public var connectedAt: [ContinuousClock.Instant] = []
    /// WebSocket conversations opened.
    public var conversations = 0
    /// WebSocket conversations open now.
    public var openConversations = 0
    /// The heads of requests for NIP-11.
    public var informationRequests: [String] = []
    public var requests: [UpstreamRequest] = []
    public var closes: [SubscriptionID] = []
    /// Events that were published, by id, in their order.
    public var published: [EventID] = []
    /// Kind 22242 events that were sent.
    public var authentications: [Event] = []
    /// The most subscriptions that were open at once in one conversation.
    public var maxSubscriptions = 0
    /// Subscriptions open now, over all conversations.
    public var openSubscriptions = 0
    /// **Bytes** of WebSocket payloads.
    public var bytesReceived = 0
    public var bytesSent = 0
    public var eventsSent = 0

    /// Requests for history.
    public var histories: [UpstreamRequest] { requests.filter { !$0.isLive } }

    init() {}

    /// Forgets what was counted; what is open stays open.
    mutating func clear() {
        var new = UpstreamRecord()
        new.openConversations = openConversations
        new.openSubscriptions = openSubscriptions
        new.maxSubscriptions = 0
        self = new
    }
}
