// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// What the shell around a conversation has to do, in order.
public enum SessionAction: Hashable, Sendable {
    case send(RelayMessage)
    /// Hand the event to the one door; its verdict comes back as ``SessionInput/judged(_:accepted:message:)``.
    case submit(EventTicket, ParsedEvent)
    /// Look whether the event is a true answer to the challenge; ``SessionInput/authenticated(_:refusal:at:)`` says so.
    case authenticate(ParsedEvent, challenge: String, arrived: Uptime)
    /// Ask whether a REQ, a COUNT or a NEG-OPEN may be served; the answer comes back as ``SessionInput/permitted(_:instead:)`` or
    /// ``SessionInput/forbidden(_:reason:)``.
    case ask(ScanNumber, ClientMessage)
    /// Register the subscription for live events, from this very moment.
    case watch(SubscriptionSlot, SubscriptionID, [Filter])
    case unwatch(SubscriptionSlot)
    /// Prepare a scan of the stored events, for a request that came at `arrived`. It is read by ``readPage(_:)``.
    case openScan(ScanNumber, SubscriptionID, [Filter], arrived: Uptime)
    /// Read the next page, away from the event loop. At most one reading of a conversation is under way.
    case readPage(ScanNumber)
    /// Send the events of the page just reported.
    case sendPage(ScanNumber)
    /// Forget the scan; a page that is being read ends early.
    case dropScan(ScanNumber)
    /// Count what is stored for a slice of time, from where the last slice ended.
    case count(ScanNumber, [Filter], arrived: Uptime)
    /// Read the feed from `after` on and report what matches.
    case catchUp(ScanNumber, [Filter], after: FeedPosition)
    /// Send live events, in order.
    case deliver(SubscriptionSlot, [Event])
    /// Read on the set of a reconciliation, begun at the first of these. At most one reading of a conversation is under way.
    case gather(ScanNumber, Filter, arrived: Uptime)
    /// Answer a message, in hexadecimal text, from the set of a reconciliation, away from the event loop.
    case reconcile(ScanNumber, SubscriptionID, TagValue)
    /// Send the answer just reported.
    case sendAnswer(ScanNumber)
    /// Forget the set; a page of it that is being read ends early.
    case dropSet(ScanNumber)
    case pauseReading
    case resumeReading
    /// The client says too much that makes no sense: close with 1008, and do not let it back at once.
    case expel(reason: String)
}

/// A subscription's place in its connection's table: small numbers, used again.
public struct SubscriptionSlot: Hashable, Sendable {
    public let index: Int

    public init(index: Int) { self.index = index }
}

/// What becomes of a live event.
public enum LiveDecision: Hashable, Sendable {
    /// Send it now.
    case send
    /// It is kept, or comes from the store or the feed later, or came already.
    case keep
    /// The client reads too slowly: the subscription reads this and what follows from the feed, later. Said once.
    case fallBehind
    /// An ephemeral event found no room.
    case lost
}
