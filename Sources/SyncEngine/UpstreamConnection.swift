// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore
public import SyncPlanner

/// Opens conversations with relays: sockets in the daemon, a script in tests.
public protocol UpstreamConnector: Sendable {
    /// Starts dialling and returns at once.
    ///
    /// Everything that happens is told to `report`, in order: first ``UpstreamReport/opened`` or
    /// ``UpstreamReport/failed(_:)``; nothing follows `failed` or ``UpstreamReport/closed(_:)``. `report` may be
    /// called from any thread and returns quickly; it may call back into the connection.
    func connect(
        _ relay: RelayURL, namedBy namer: Namer, report: @escaping @Sendable (UpstreamReport) -> Void
    ) -> any UpstreamConnection

    /// Starts reading what a relay says of itself (NIP-11) and returns at once.
    ///
    /// `report` is called once, from any thread, with `nil` when there is nothing that can be read.
    func readInformation(
        of relay: RelayURL, namedBy namer: Namer,
        report: @escaping @Sendable (UpstreamInformation?) -> Void
    )
}

extension UpstreamConnector {
    /// There is none.
    public func readInformation(
        of relay: RelayURL, namedBy namer: Namer,
        report: @escaping @Sendable (UpstreamInformation?) -> Void
    ) {
        report(nil)
    }
}

/// Our end of one conversation. No method blocks or suspends, and each may be called at any time: before the
/// conversation is open it is remembered, after its end it does nothing.
public protocol UpstreamConnection: Sendable {
    /// Sends messages in this order.
    func send(_ messages: [ClientMessage])
    /// No more is read from the socket; what was read already may still be reported.
    func pauseReading()
    func resumeReading()
    /// Ends the dialling or the conversation.
    func close()
}

/// What a conversation brings.
public enum UpstreamReport: Sendable {
    case opened
    /// `refusal` is a constant word of ``DialRefusal/word`` when the target may not be dialled.
    /// `detail` is for the operator.
    case failed(DialFailure, refusal: String? = nil, detail: String? = nil)
    /// The messages of one read, in order; how many more there were that nobody could read; and the bytes of all.
    case received([RelayMessage], unreadable: Int, byteCount: Int)
    /// So many more bytes came of an event that is too long to be read.
    case skipping(byteCount: Int)
    /// Such an event has ended; the bytes told before are not counted again.
    case skipped(SkippedEvent, byteCount: Int)
    case closed(LinkEnd)
}
