// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Answers a request: pages of `/admin`, the API, OAuth, the media host and t.co.
    public mutating func answer(_ request: XRequest) -> XReply {
        requestCount += 1
        let path = request.path
        let billedBefore = spend.total
        let fault = faults.take(request.method, path, using: &chance)
        var call = Call(request: request, path: path)
        if fault?.effect == .wholeFile { call.request.headers["range"] = nil }
        let match = APIRoute.match(request.method, path)
        (call.route, call.parameter) = (match?.route.rawValue, match?.parameter ?? "")
        var reply = fault.flatMap { substitute($0.effect) } ?? perform(&call)
        if let fault { damage(&reply, with: fault) }
        if !path.hasPrefix("/admin") {
            reply[header: "x-request-id"] = "standin-\(requestCount)"
            requests.append(
                XSeenRequest(
                    number: requestCount, at: now, method: request.method, target: request.target,
                    route: call.route, credential: call.credential?.name,
                    body: String(decoding: request.body.prefix(limits.loggedBody), as: UTF8.self),
                    status: reply.manner == .silence ? 0 : reply.status, billed: spend.total - billedBefore),
                bound: limits.loggedRequests)
        }
        return reply
    }

    private mutating func perform(_ call: inout Call) -> XReply {
        let host = call.request.headers["host"]?.split(separator: ":").first
        if host == "t.co" || call.path.hasPrefix("/t.co/") { return redirect(&call) }
        if call.path.hasPrefix("/media/") { return serveFile(&call) }
        if call.path == "/admin" || call.path.hasPrefix("/admin/") { return administer(call) }
        if call.path.hasPrefix("/2/oauth2/") || call.path == "/i/oauth2/authorize" { return authorize(&call) }
        if call.path == "/2/openapi.json" {
            call.route = "GET /2/openapi.json"
            return XReply(
                200, ["openapi": "3.0.0", "info": ["title": "X API v2 stand-in", "version": "2.167"]])
        }
        guard let route = call.route.flatMap({ APIRoute(rawValue: $0) }) else {
            return Problem.plain(404, "Not Found").reply
        }
        return performAPI(route, &call)
    }

    private mutating func performAPI(_ route: APIRoute, _ call: inout Call) -> XReply {
        var headers: [XReply.Header] = []
        var reply: XReply
        do throws(Problem) {
            let credential = try authenticate(call)
            call.credential = credential
            headers = try budget(route, credential)
            try checkScopes(route, credential)
            try checkMoney(route)
            reply = try serve(route, call, credential)
        } catch {
            reply = error.reply
        }
        if headers.isEmpty, let credential = call.credential { headers = budgetHeaders(route, credential) }
        reply.headers += headers
        reply[header: "x-access-level"] = call.credential?.user == nil ? "read" : "read-write"
        reply[header: "x-response-time"] = "1"
        return reply
    }

    private func authenticate(_ call: Call) throws(Problem) -> XCredential {
        guard let header = call.request.headers["authorization"], header.lowercased().hasPrefix("bearer "),
            let credential = credential(of: header.dropFirst(7))
        else { throw .unauthorized }
        return credential
    }

    /// What a user's token must allow: to read posts and accounts, and to write where something is written.
    private func checkScopes(_ route: APIRoute, _ credential: XCredential) throws(Problem) {
        guard case .user(_, let scopes) = credential else { return }
        var needed: Set<String> = ["tweet.read", "users.read"]
        if route == .create || route == .delete { needed.insert("tweet.write") }
        guard needed.isSubset(of: scopes) else {
            throw .plain(403, "Forbidden", "You are not permitted to perform this action.")
        }
    }

    /// Reads stop when the month's cap or the credits are used up; credits stop writes, too.
    private func checkMoney(_ route: APIRoute) throws(Problem) {
        switch route {
        case .usage, .subscriptions, .subscribe, .resubscribe, .unsubscribe, .unsubscribeMany: return
        case .create, .delete: break
        default:
            if spend.posts(inMonthOf: now) >= settings.monthlyCap { throw .usageCapped(settings.capStatus) }
        }
        if let credits = settings.credits, credits <= 0 {
            throw .creditsDepleted(plainly: settings.namesCreditsPlainly)
        }
    }

    private mutating func serve(
        _ route: APIRoute, _ call: Call, _ credential: XCredential
    ) throws(Problem) -> XReply {
        switch route {
        case .userPosts: try userPosts(call, credential)
        case .mentions: try mentions(call, credential)
        case .search: try search(call, credential)
        case .quotes: try quotes(call, credential)
        case .posts: try lookUpPosts(call, credential)
        case .post: try lookUpPost(call, credential)
        case .usersByName, .users: try lookUpUsers(call, credential, byName: route == .usersByName)
        case .userByName, .user: try lookUpUser(call, credential, byName: route == .userByName)
        case .me: try lookUpMe(call, credential)
        case .usage: try tellUsage(call)
        case .create: try create(call, credential)
        case .delete: try delete(call, credential)
        case .stream: try openStream(call)
        case .subscriptions: listSubscriptions(credential)
        case .subscribe: try subscribe(call, credential)
        case .resubscribe: try resubscribe(call)
        case .unsubscribe, .unsubscribeMany: try unsubscribe(call, many: route == .unsubscribeMany)
        }
    }
}

/// A request on its way to its answer.
struct Call {
    var request: XRequest
    let path: String
    let query: [(name: String, value: String)]
    var route: String?
    var parameter = ""
    var credential: XCredential?

    init(request: XRequest, path: String) {
        self.request = request
        self.path = path
        query = request.query
    }

    /// The first parameter of a name.
    func value(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// Refuses parameters that the route does not have.
    func allow(_ names: Set<String>, fields: Bool = true) throws(Problem) {
        for (name, _) in query where !names.contains(name) && !(fields && Selection.parameters.contains(name))
        {
            let list = names.union(fields ? Selection.parameters : []).sorted().joined(separator: ",")
            throw .invalid(
                [(name, value(name) ?? "")], "The query parameter [\(name)] is not one of [\(list)]")
        }
    }
}
