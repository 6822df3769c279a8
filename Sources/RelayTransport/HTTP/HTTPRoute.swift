// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOHTTP1

/// Somebody who answers for paths of their own on a port that others share.
public struct HTTPRoute: Sendable {
    /// What may be asked of a path, besides `OPTIONS`; `nil` for a path that is not this route's.
    public var methods: @Sendable (_ path: String) -> [HTTPMethod]?
    /// Part of each of its answers that has none of that name itself, refusals of its methods and preflights among them.
    public var headers: HTTPHeaders
    /// What becomes of a body; asked with the request's head alone, on an event loop, and only when a body is announced.
    public var body: @Sendable (HTTPRequest) -> BodyPlan
    /// Answers a whole request by one of ``methods``; called on an event loop, so it must not block.
    public var answer: @Sendable (HTTPRequest) -> HTTPReply

    public init(
        methods: @escaping @Sendable (_ path: String) -> [HTTPMethod]?, headers: HTTPHeaders = [:],
        body: @escaping @Sendable (HTTPRequest) -> BodyPlan = { _ in .collected },
        answer: @escaping @Sendable (HTTPRequest) -> HTTPReply
    ) {
        self.methods = methods
        self.headers = headers
        self.body = body
        self.answer = answer
    }
}

extension HTTPReply {
    /// The reply with these headers, unless it has its own.
    public func adding(_ headers: HTTPHeaders) -> HTTPReply {
        switch self {
        case .now(let response): .now(response.adding(headers))
        case .later(let make): .later { make().adding(headers) }
        case .awaited(let make): .awaited { await make().adding(headers) }
        case .open(let response, let begin): .open(response.adding(headers), begin)
        }
    }
}

extension BodyPlan {
    /// The plan whose answers have these headers, unless they have their own.
    public func adding(_ headers: HTTPHeaders) -> BodyPlan {
        switch self {
        case .collected, .collectedUpTo: self
        case .streamed(let limit, let answer):
            .streamed(upTo: limit) { request, body in await answer(request, body).adding(headers) }
        case .refused(let response): .refused(response.adding(headers))
        }
    }
}

extension HTTPResponse {
    /// The response with these headers, unless it has its own.
    public func adding(_ headers: HTTPHeaders) -> HTTPResponse {
        var response = self
        for (name, value) in headers where !response.headers.contains(name: name) {
            response.headers.add(name: name, value: value)
        }
        return response
    }
}
