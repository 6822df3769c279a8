// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import NIOHTTP1
import NIOPosix
import RelayTransport

/// A port of loopback on which one route answers.
struct RoutePort: Sendable {
    let listener: Listener
    var port: Int { listener.localPort }
    var url: String { "http://127.0.0.1:\(port)" }

    static func run<Value>(
        _ limits: TransportLimits = TransportLimits(),
        _ makeRoute: @escaping @Sendable (_ url: String) -> HTTPRoute,
        _ body: (RoutePort) async throws -> Value
    ) async throws -> Value {
        let route = Late()
        let listener = try await Listener.bind(
            host: "127.0.0.1", port: 0, group: MultiThreadedEventLoopGroup.singleton, limits: limits,
            bodies: { route.body($0) }, http: { route.reply(to: $0) }
        ) { _, _ in .refuse(HTTPResponse(status: .notFound)) }
        let port = RoutePort(listener: listener)
        route.set(makeRoute(port.url))
        do {
            let value = try await body(port)
            await listener.shutdown(deadline: .now())
            return value
        } catch {
            await listener.shutdown(deadline: .now())
            throw error
        }
    }

    /// A route that needs to know its port.
    private final class Late: Sendable {
        private let route = NIOLockedValueBox<HTTPRoute?>(nil)

        func set(_ new: HTTPRoute) { route.withLockedValue { $0 = new } }

        func body(_ request: HTTPRequest) -> BodyPlan {
            guard let route = route.withLockedValue({ $0 }),
                route.methods(request.path)?.contains(request.method) == true
            else { return .collected }
            return route.body(request).adding(route.headers)
        }

        func reply(to request: HTTPRequest) -> HTTPReply {
            guard let route = route.withLockedValue({ $0 }), let methods = route.methods(request.path) else {
                return .now(HTTPResponse(status: .notFound))
            }
            guard methods.contains(request.method) else {
                return .now(HTTPResponse(status: .methodNotAllowed))
            }
            return route.answer(request).adding(route.headers)
        }
    }
}
