// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

@testable import XStandIn

extension XWorld {
    /// What is answered to a reading request.
    mutating func get(_ target: String, as token: String? = XWorld.appToken) -> XReply {
        send("GET", target, as: token)
    }

    mutating func send(
        _ method: String, _ target: String, _ json: JSON? = nil, as token: String? = XWorld.appToken
    ) -> XReply {
        var request = XRequest(method, target, body: json?.bytes ?? [])
        request.headers["authorization"] = token.map { "Bearer \($0)" }
        return answer(request)
    }

    mutating func form(_ target: String, _ body: String, basic: String? = nil) -> XReply {
        var request = XRequest("POST", target, body: Array(body.utf8))
        request.headers["content-type"] = "application/x-www-form-urlencoded"
        request.headers["authorization"] = basic.map { "Basic \($0)" }
        return answer(request)
    }

    /// A world with one account that posts nothing yet.
    static func withAda(_ settings: XSettings = XSettings(), limits: XStandInLimits = XStandInLimits()) throws
        -> (XWorld, XUserID)
    {
        var world = XWorld(settings: settings, limits: limits)
        let ada = try world.addUser("ada", name: "Ada Lovelace", id: 44_196_397)
        return (world, ada)
    }
}

extension XReply {
    /// The ids of a list's posts or users, or of the one that was asked for.
    var ids: [UInt64] {
        guard let data = json?["data"] else { return [] }
        return (data.items ?? [data]).compactMap { $0["id"]?.id }
    }

    var data: JSON? { json?["data"] }
    var first: JSON? { data?[0] ?? data }
    var nextToken: String? { json?["meta"]?["next_token"]?.string }
    var remaining: String? { self[header: "x-rate-limit-remaining"] }

    /// What kind of problem it is: the last part of its type.
    var problem: String? { json?["type"]?.string?.split(separator: "/").last.map(String.init) }
    /// The sentence of the first error.
    var message: String? { json?["errors"]?[0]?["message"]?.string }
}

extension JSON {
    /// The names of an object's members; what is read has no order.
    var names: Set<String> { Set(members?.map(\.name) ?? []) }
}
