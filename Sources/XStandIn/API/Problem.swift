// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// An answer that is an error, in the words of X (RFC 9457 and the older lists).
struct Problem: Error {
    var status: Int
    var body: JSON
    /// Whether the limit's headers say that nothing is left.
    var isRateLimit = false

    var reply: XReply {
        var reply = XReply(status, body)
        reply[header: "content-type"] = "application/problem+json"
        return reply
    }
}

/// Which words a request uses, and so its answer.
enum Words: Hashable, Sendable {
    case tweet
    case post

    /// The address of a type of problem.
    func problem(_ name: String) -> JSON {
        .text(
            (self == .tweet ? "https://api.twitter.com/2/problems/" : "https://api.x.com/2/problems/") + name)
    }
}

extension Problem {
    static func plain(_ status: Int, _ title: String, _ detail: String? = nil) -> Problem {
        Problem(
            status: status,
            body: [
                "title": .text(title), "detail": .text(detail ?? title), "type": "about:blank",
                "status": .number(Int64(status)),
            ])
    }

    static let unauthorized = plain(401, "Unauthorized")

    /// - Parameters:
    ///   - parameters: what was wrong, as it was sent.
    ///   - message: the sentence about it.
    static func invalid(_ parameters: [(String, String)], _ message: String, _ words: Words = .tweet)
        -> Problem
    {
        let named = parameters.map { JSON.Member(name: $0.0, value: [.text($0.1)]) }
        return Problem(
            status: 400,
            body: [
                "errors": [["parameters": .object(named), "message": .text(message)]],
                "title": "Invalid Request", "detail": "One or more parameters to your request was invalid.",
                "type": words.problem("invalid-request"),
            ])
    }

    static func rateLimited(_ body: XSettings.RateLimitBody) -> Problem {
        switch body {
        case .problem:
            var problem = plain(429, "Too Many Requests")
            problem.isRateLimit = true
            return problem
        case .legacy:
            return Problem(
                status: 429, body: ["errors": [["code": 88, "message": "Rate limit exceeded"]]],
                isRateLimit: true)
        case .typed:
            return Problem(
                status: 429,
                body: [
                    "title": "Too Many Requests", "detail": "Too Many Requests",
                    "type": Words.post.problem("rate-limit-exceeded"), "status": 429,
                ], isRateLimit: true)
        }
    }

    static func usageCapped(_ status: Int) -> Problem {
        Problem(
            status: status,
            body: [
                "title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap",
                "period": "Monthly", "scope": "Product", "account_id": .text(CredentialBook.accountID),
                "product_name": "pay-per-use", "type": Words.tweet.problem("usage-capped"),
            ])
    }

    static func creditsDepleted(plainly: Bool) -> Problem {
        plainly
            ? Problem(
                status: 402,
                body: [
                    "title": "Payment Required", "detail": "Payment Required",
                    "type": Words.post.problem("credits-depleted"), "status": 402,
                ])
            : Problem(
                status: 402,
                body: [
                    "title": "CreditsDepleted",
                    "detail":
                        .text(
                            "Your enrolled account [\(CredentialBook.accountID)] does not have any credits to fulfill this request."
                        ),
                    "type": Words.post.problem("credits"), "account_id": .text(CredentialBook.accountID),
                ])
    }

    /// - Parameter kind: how the request was signed.
    static func unsupportedAuthentication(_ kind: String) -> Problem {
        Problem(
            status: 403,
            body: [
                "title": "Unsupported Authentication",
                "detail":
                    .text(
                        "Authenticating with \(kind) is forbidden for this endpoint.  Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
                    ),
                "type": Words.tweet.problem("unsupported-authentication"), "status": 403,
            ])
    }

    static func clientForbidden(_ reason: String) -> Problem {
        Problem(
            status: 403,
            body: [
                "title": "Client Forbidden",
                "detail":
                    "This request must be made using an approved developer account that is enrolled in the requested endpoint.",
                "reason": .text(reason), "client_id": .text(CredentialBook.appID),
                "required_enrollment": "Standard Basic",
                "registration_url": "https://developer.x.com/en/docs",
                "type": Words.tweet.problem("client-forbidden"),
            ])
    }

    static let tooManyConnections = Problem(
        status: 429,
        body: [
            "title": "ConnectionException",
            "detail": "This stream is currently at the maximum allowed connection limit.",
            "connection_issue": "TooManyConnections", "type": Words.post.problem("streaming-connection"),
        ])
}
