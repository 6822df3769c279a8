// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1

/// What all connections of one ``Listener`` share.
struct HTTPService: Sendable {
    let limits: TransportLimits
    let gate: ConnectionGate
    let tally: TransportTally
    let compression: CompressionByLoop
    /// Part of every answer, refusals of this module's own among them.
    let commonHeaders: HTTPHeaders
    /// What becomes of the body that a head announces.
    let bodies: @Sendable (HTTPRequest) -> BodyPlan
    let http: @Sendable (HTTPRequest) -> HTTPReply
    let webSocket: @Sendable (HTTPRequest, SocketAddress?) -> UpgradeDecision

    /// Why a request is not even handed over.
    func refusal(of head: HTTPRequestHead, admission: ConnectionGate.Admission) -> HTTPResponse? {
        let isQuestion = admission.mayAsk && !head.headers.contains(name: "Upgrade")
        return (isQuestion ? nil : refusal(of: admission)) ?? refusal(of: head)
    }

    func refusal(of admission: ConnectionGate.Admission) -> HTTPResponse? {
        switch admission {
        case .admitted: return nil
        case .full, .dropped:
            return HTTPResponse(
                status: .serviceUnavailable, contentType: "text/plain; charset=utf-8",
                headers: ["Retry-After": "30"],
                text: "too many connections\n")
        case .crowded:
            return HTTPResponse(
                status: .tooManyRequests, contentType: "text/plain; charset=utf-8",
                headers: ["Retry-After": "30"],
                text: "too many connections from your address\n")
        case .barred:
            return HTTPResponse(
                status: .tooManyRequests, contentType: "text/plain; charset=utf-8",
                headers: ["Retry-After": "\(max(1, limits.barTime.nanoseconds / 1_000_000_000))"],
                text: "too much that made no sense came from your address\n")
        case .blocked:
            return HTTPResponse(
                status: .forbidden, contentType: "text/plain; charset=utf-8",
                text: "your address is blocked\n")
        }
    }

    private func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        // RFC 9112 §3.2
        guard head.version.minor == 0 || head.headers[canonicalForm: "Host"].count == 1 else {
            return HTTPResponse(status: .badRequest, reason: "one Host field is needed")
        }
        // What follows it would be no HTTP.
        if head.method == .CONNECT { return HTTPResponse(status: .notImplemented, reason: "not a proxy") }
        return nil
    }

    /// The response with ``commonHeaders``, unless it has its own.
    func completed(_ response: HTTPResponse) -> HTTPResponse {
        response.adding(commonHeaders)
    }

    /// Bounds of the head; the target counts as one field.
    var headLimits: NIOHTTPDecoderLimitConfiguration {
        var configuration = NIOHTTPDecoderLimitConfiguration()
        configuration.maxHeaderFieldSize = limits.maxHeadLength
        configuration.maxHeaderListSize = limits.maxHeadLength
        configuration.maxHeaderFieldCount = 100
        return configuration
    }
}
