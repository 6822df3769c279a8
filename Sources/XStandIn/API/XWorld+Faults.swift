// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// What takes the place of an answer; nil: the request is performed.
    mutating func substitute(_ effect: XFault.Effect) -> XReply? {
        switch effect {
        case .status(let status): return Problem.plain(status, Self.title(status)).reply
        case .html(let status): return XReply(status, body: Array(Self.page.utf8), contentType: "text/html")
        case .plain(let status, let text):
            return XReply(status, body: Array(text.utf8), contentType: "text/plain")
        case .rateLimited:
            var reply = Problem.rateLimited(settings.rateLimitBody).reply
            reply[header: "x-rate-limit-limit"] = "450"
            reply[header: "x-rate-limit-remaining"] = "0"
            reply[header: "x-rate-limit-reset"] = String(now.seconds + 900)
            return reply
        case .usageCapped:
            var reply = Problem.usageCapped(settings.capStatus).reply
            reply[header: "x-rate-limit-limit"] = "450"
            reply[header: "x-rate-limit-remaining"] = "449"
            reply[header: "x-rate-limit-reset"] = String(now.seconds + 900)
            return reply
        case .creditsDepleted: return Problem.creditsDepleted(plainly: settings.namesCreditsPlainly).reply
        case .clientForbidden(let reason): return Problem.clientForbidden(reason).reply
        case .json(let text):
            return XReply(200, body: Array(text.utf8), contentType: "application/json; charset=utf-8")
        case .redirect(let address):
            var reply = XReply(302, body: [], contentType: nil)
            reply[header: "location"] = address
            return reply
        case .refuse:
            var reply = XReply(200, body: Array(" ".utf8), contentType: nil)
            reply.manner = .reset(after: 0)
            return reply
        case .hang:
            var reply = XReply(0, body: [], contentType: nil)
            reply.manner = .silence
            return reply
        case .none, .reset, .truncate, .drip, .invalidJSON, .empty, .gzip, .brokenGzip, .contentType,
            .wholeFile:
            return nil
        }
    }

    /// Spoils an answer on its way.
    func damage(_ reply: inout XReply, with fault: XFault) {
        reply.delay = fault.delay
        // A stream is damaged by dropStreams() and the like: it has no body that could be cut.
        if case .stream = reply.manner { return }
        switch fault.effect {
        case .reset(let count): reply.manner = .reset(after: count)
        case .truncate(let count): reply.manner = .truncated(to: count)
        case .drip(let pause): reply.manner = .dripping(every: pause)
        case .invalidJSON: reply.body = Array(reply.body.prefix(max(1, reply.body.count * 2 / 3)))
        case .empty: reply.body = []
        case .gzip:
            reply.body = Stored.gzip(reply.body)
            reply[header: "content-encoding"] = "gzip"
        case .brokenGzip: reply[header: "content-encoding"] = "gzip"
        case .contentType(let type): reply[header: "content-type"] = type
        case .wholeFile, .none, .status, .html, .plain, .rateLimited, .usageCapped, .creditsDepleted,
            .clientForbidden, .json, .redirect, .refuse, .hang:
            return
        }
    }

    private static let page = """
        <!DOCTYPE html>
        <html><head><title>X / Error</title></head><body><h1>Something is technically wrong.</h1></body></html>
        """

    private static func title(_ status: Int) -> String {
        switch status {
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Error"
        }
    }
}
