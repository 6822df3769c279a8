// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOCore
import NIOHTTP1
import RelayTransport

/// Answers plain HTTP: NIP-11, the status page, metrics and health.
struct HTTPRoutes: Sendable {
    let board: InformationBoard
    /// `nil` when nobody may manage the relay from afar.
    let management: @Sendable () -> Management?
    let hooks: RelayServerHooks
    /// Whether `/metrics` is answered here.
    let hasMetrics: Bool
    /// Whether anything else is, but for `/healthz`.
    let hasRelay: Bool
    let status: StatusBoard
    /// `nil` when the status page tells nothing but where the relay is.
    let feed: StatusFeed?
    /// Why nobody is served now; `nil` when everybody is.
    let closure: @Sendable () -> String?
    /// How long the client has to wait first.
    let haste: @Sendable (HTTPRequest) -> Duration?

    func respond(to request: HTTPRequest) -> HTTPReply {
        if let wait = haste(request) { return .now(Self.tooMany("requests", wait)) }
        if request.method == .OPTIONS {
            if let (route, methods) = further(request.path) { return .now(route.preflight(methods)) }
            return .now(HTTPResponse(status: .noContent, headers: ["Allow": allowed(at: request.path)]))
        }
        if let closure = closure(), !request.path.starts(with: "/healthz") {
            return .now(
                HTTPResponse(
                    status: .serviceUnavailable, contentType: Self.plain, headers: ["Retry-After": "1"],
                    text: "\(closure)\n"))
        }
        if hasRelay, Management.takes(request), let management = management() {
            return .awaited { await management.respond(to: request) }
        }
        guard let resource = resource(request) else {
            if let (route, methods) = further(request.path) { return route.reply(to: request, methods) }
            return .now(HTTPResponse(status: .notFound, contentType: Self.plain, text: "not found\n"))
        }
        guard request.method == .GET || request.method == .HEAD else {
            if request.method == .POST, takesCalls(at: request.path) {
                return .now(
                    HTTPResponse(
                        status: .unsupportedMediaType, contentType: Self.plain,
                        text: "calls are \(Management.mediaType)\n"))
            }
            return .now(
                HTTPResponse(
                    status: .methodNotAllowed, contentType: Self.plain,
                    headers: ["Allow": allowed(at: request.path)], text: "method not allowed\n"))
        }
        return resource()
    }

    /// What may be asked of a resource: calls are posted to the root while there is somebody who may call.
    private func allowed(at path: String) -> String {
        takesCalls(at: path) ? "GET, HEAD, OPTIONS, POST" : "GET, HEAD, OPTIONS"
    }

    private func takesCalls(at path: String) -> Bool { path == "/" && hasRelay && management() != nil }

    private func resource(_ request: HTTPRequest) -> (() -> HTTPReply)? {
        switch request.path {
        case "/" where hasRelay: { root(request) }
        case "/metrics": metrics
        // Also beside the metrics, where no crowd of clients keeps a probe from asking.
        case "/healthz": { .now(health()) }
        case "/healthz/sync" where hasRelay: part(hooks.syncHealth)
        case "/healthz/bridge" where hasRelay: part(hooks.bridgeHealth)
        default: hasRelay ? statusPart(request) : nil
        }
    }

    /// What becomes of the body that a request announces: routes take longer ones than we do.
    func body(of request: HTTPRequest) -> BodyPlan {
        guard !hooks.routes.isEmpty, let (route, methods) = further(request.path),
            methods.contains(request.method)
        else { return .collected }
        let plan = route.body(request).adding(route.headers)
        // Nobody but the plan answers a body that is streamed.
        guard case .streamed = plan else { return plan }
        if let wait = haste(request) {
            return .refused(Self.tooMany("requests", wait).adding(route.headers))
        }
        guard closure() == nil else {
            return .refused(HTTPResponse(status: .serviceUnavailable, headers: ["Retry-After": "1"]))
        }
        return plan
    }

    /// Who else answers for a path; what is ours stays ours.
    private func further(_ path: String) -> (HTTPRoute, [HTTPMethod])? {
        guard hasRelay, !hooks.routes.isEmpty, !Self.own.contains(path), !path.hasPrefix("/status/") else {
            return nil
        }
        for route in hooks.routes {
            if let methods = route.methods(path) { return (route, methods) }
        }
        return nil
    }

    private static let own: Set = [
        "/", "/metrics", "/healthz", "/healthz/sync", "/healthz/bridge", StatusPath.json,
    ]

    private func root(_ request: HTTPRequest) -> HTTPReply {
        let accepted = request.headers[canonicalForm: "Accept"]
        let wantsDocument = accepted.contains {
            $0.split(separator: ";").first?.lowercased() == "application/nostr+json"
        }
        if wantsDocument {
            return .now(
                HTTPResponse(
                    headers: ["Content-Type": "application/nostr+json", "Vary": "Accept"], body: board.json))
        }
        return statusPage(request)
    }

    /// A long page, made while the event loop serves others.
    private var metrics: (() -> HTTPReply)? {
        guard hasMetrics, let render = hooks.metrics else { return nil }
        return {
            .later { HTTPResponse(contentType: "text/plain; version=0.0.4; charset=utf-8", text: render()) }
        }
    }

    private func health() -> HTTPResponse {
        if let closure = closure() { return Self.answer(HealthReport(isHealthy: false, status: closure)) }
        return Self.answer(hooks.health())
    }

    /// How a part of the program is that may be absent.
    private func part(_ report: (@Sendable () -> HealthReport)?) -> (() -> HTTPReply)? {
        guard let report else { return nil }
        return { .now(Self.answer(report())) }
    }

    private static func answer(_ report: HealthReport) -> HTTPResponse {
        var object = JSONObject()
        object.add("status", report.status)
        for fact in report.facts { object.add(fact.name, fact.value) }
        return HTTPResponse(
            status: report.isHealthy ? .ok : .serviceUnavailable,
            headers: ["Content-Type": "application/json", "Cache-Control": "no-store"],
            body: ByteBuffer(bytes: object.text))
    }

    /// CORS, as NIP-11 and GRASP-01 ask for every answer, errors among them: any page may read them.
    static let anyOrigin: HTTPHeaders = [
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, POST, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "Content-Type, Accept, Authorization",
        "Access-Control-Max-Age": "86400",
    ]

    static func tooMany(_ things: String, _ wait: Duration) -> HTTPResponse {
        HTTPResponse(
            status: .tooManyRequests, contentType: plain,
            headers: ["Retry-After": "\(wait.components.seconds + 1)"],
            text: "too many \(things) from your address in a short time\n")
    }

    private static let plain = "text/plain; charset=utf-8"
}
