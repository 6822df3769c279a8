// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NostrCore
public import RelayTransport
public import SyncPlanner

/// Opens conversations over real sockets.
public struct SocketConnector: UpstreamConnector {
    private let dialer: Dialer
    private let group: any EventLoopGroup

    public init(dialer: Dialer, group: any EventLoopGroup) {
        self.dialer = dialer
        self.group = group
    }

    public func connect(
        _ relay: RelayURL, namedBy namer: Namer, report: @escaping @Sendable (UpstreamReport) -> Void
    ) -> any UpstreamConnection {
        let loop = group.next()
        let connection = SocketConnection(eventLoop: loop)
        // The task ends with the dial, which has its own time-out, and is cancelled by `close`.
        let dialling = Task { [dialer] in
            do throws(DialError) {
                try await dialer.dial(relay, trust: DialTrust(namer), on: loop) {
                    UpstreamLink(connection, report: report)
                }
            } catch {
                guard let failure = DialFailure(error) else { return }
                report(.failed(failure, refusal: error.refusal?.word, detail: error.detail))
            }
        }
        connection.cancelDial { dialling.cancel() }
        return connection
    }

    public func readInformation(
        of relay: RelayURL, namedBy namer: Namer,
        report: @escaping @Sendable (UpstreamInformation?) -> Void
    ) {
        // The task ends with the reading, which has its own time-out.
        Task { [dialer] in
            let document = try? await dialer.document(
                at: DialTarget(relay), accept: "application/nostr+json", trust: DialTrust(namer))
            report(document.flatMap(UpstreamInformation.init(document:)))
        }
    }
}

extension DialTrust {
    init(_ namer: Namer) {
        switch namer {
        case .operator: self = .operatorNamed
        case .stranger: self = .namedByStrangers
        }
    }
}

extension DialFailure {
    /// `nil` when we cancelled it ourselves.
    init?(_ error: DialError) {
        switch error {
        case .refused(.busyAddress), .busy: self = .busy
        case .refused: self = .refused
        case .dns: self = .dns
        case .tcp: self = .tcp
        case .tls: self = .tls
        case .http: self = .http
        case .handshake: self = .protocolError
        case .timeout: self = .timeout
        case .cancelled: return nil
        }
    }
}

extension DialError {
    fileprivate var refusal: DialRefusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }
}

extension DialRefusal {
    /// Every ``word``.
    public static let words = [
        "metadata", "loopback", "private", "link-local", "multicast", "reserved", "onion", "local-name",
        "bad-host", "busy-address",
    ]

    /// For metrics: one of ``words``.
    var word: String {
        switch self {
        case .address(.metadata): "metadata"
        case .address(.loopback), .address(.unspecified): "loopback"
        case .address(.privateUse), .address(.sharedNetwork): "private"
        case .address(.linkLocal): "link-local"
        case .address(.multicast), .address(.broadcast): "multicast"
        case .address: "reserved"
        case .onion: "onion"
        case .localName: "local-name"
        case .badHost: "bad-host"
        case .busyAddress: "busy-address"
        }
    }
}
