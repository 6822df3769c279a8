// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Answers a page of `/admin`: what a person with curl, or a test in another language, does to the world.
    mutating func administer(_ call: Call) -> XReply {
        let json = call.request.body.isEmpty ? JSON.object([]) : JSON(call.request.body)
        guard let json, json.members != nil else { return Self.refused("the body is not a JSON object") }
        do {
            return XReply(200, try administer(call, json))
        } catch let refusal as XRefusal {
            return Self.refused("\(refusal)", status: refusal == .full ? 507 : 422)
        } catch let mistake as AdminMistake {
            return Self.refused(mistake.text, status: mistake.status)
        } catch {
            return Self.refused("\(error)", status: 500)
        }
    }

    private mutating func administer(_ call: Call, _ json: JSON) throws -> JSON {
        switch (call.request.method, call.path) {
        case ("GET", "/admin"): return Self.contents
        case ("GET", "/admin/state"): return state()
        case ("GET", "/admin/spend"): return spendReport()
        case ("GET", "/admin/requests"):
            return requestReport(latest: call.value("latest").flatMap { Int($0) } ?? 100)
        case ("DELETE", "/admin/requests"): clearRequests()
        case ("GET", "/admin/users"):
            return ["users": .array(users.values.sorted { $0.id < $1.id }.map(Self.json))]
        case ("POST", "/admin/users"): return try administerUser(json)
        case ("POST", "/admin/posts"): return try administerPost(json)
        case ("POST", "/admin/repost"): return ["id": .id(try repost(try postID(json), by: try user(json)))]
        case ("POST", "/admin/edit"): return ["id": .id(try edit(try postID(json), try draft(json)))]
        case ("POST", "/admin/delete"): try delete(try postID(json))
        case ("POST", "/admin/mark"): try administerMark(json)
        case ("POST", "/admin/metrics"): try setMetrics(try metrics(json), of: try postID(json))
        case ("POST", "/admin/vote"):
            try vote(
                Int(json["option"]?.integer ?? 0), in: try postID(json), times: json["times"]?.integer ?? 1)
        case ("POST", "/admin/media"): return try administerMedia(json)
        case ("POST", "/admin/clock"): return try administerClock(json)
        case ("GET", "/admin/clock"): return ["now": .text(now.iso)]
        case ("POST", "/admin/tokens"): return try administerTokens(json)
        case ("POST", "/admin/expire"): expireAccessTokens()
        case ("POST", "/admin/faults"): try add(try fault(json))
        case ("DELETE", "/admin/faults"): clearFaults()
        case ("POST", "/admin/rates"): try administerRates(json)
        case ("DELETE", "/admin/rates"): refillBudgets()
        case ("POST", "/admin/stream"): try administerStream(json)
        case ("GET", "/admin/settings"): return settingsReport()
        case ("POST", "/admin/settings"): return try administerSettings(json)
        default:
            throw AdminMistake(
                "there is no \(call.request.method) \(call.path); GET /admin lists what there is", 404)
        }
        return ["ok": true]
    }

    private static func refused(_ text: String, status: Int = 400) -> XReply {
        XReply(status, ["error": .text(text)])
    }

    /// What `GET /admin` says.
    private static let contents: JSON = [
        "GET /admin/state": "counts and the clock",
        "GET /admin/spend": "what X would have asked for, in micro-dollars",
        "GET /admin/requests?latest=N": "requests seen; DELETE forgets them",
        "GET /admin/users": "accounts",
        "POST /admin/users":
            "{username, name?, id?, bio?, location?, website?, picture?, banner?, protected?, verified_type?, standing?, rename_to?, pinned?, withheld?}: makes or changes one",
        "POST /admin/posts":
            "{user, text, reply_to?, quote?, media?, poll?, poll_minutes?, lang?, sensitive?, withheld?, at?}",
        "POST /admin/repost": "{user, id}", "POST /admin/edit": "{id, text}", "POST /admin/delete": "{id}",
        "POST /admin/mark": "{id, sensitive?, withheld?}",
        "POST /admin/metrics": "{id, likes?, reposts?, replies?, quotes?, bookmarks?, impressions?}",
        "POST /admin/vote": "{id, option, times?}",
        "POST /admin/media":
            "{type, width?, height?, alt_text?, duration_ms?, content_type?, base64?, size?}",
        "POST /admin/clock": "{advance_seconds} or {to}",
        "POST /admin/tokens": "{user, scopes?, client?}: tokens of a user",
        "POST /admin/expire": "ends all access tokens",
        "POST /admin/faults":
            "{effect, path?, method?, times?, skip?, chance?, delay_ms?, status?, bytes?, text?}; DELETE clears the script",
        "POST /admin/rates": "{route, remaining, user?}; DELETE fills all budgets",
        "POST /admin/stream": "{drop?, double?, lose?, say?}",
        "POST /admin/settings": "any of GET /admin/settings",
    ]
}

/// A request to `/admin` that makes no sense.
struct AdminMistake: Error {
    var text: String
    var status: Int

    init(_ text: String, _ status: Int = 400) {
        self.text = text
        self.status = status
    }
}
