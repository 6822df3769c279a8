// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    static let publicEvents: Set<String> = [
        "post.create", "post.delete", "profile.update.bio", "profile.update.profile_picture",
        "profile.update.banner_picture", "profile.update.screenname", "profile.update.handle",
        "profile.update.geo",
        "profile.update.url", "profile.update.verified_badge", "profile.update.affiliate_badge",
    ]
    /// What others do to an account: only with its consent.
    static let privateEvents: Set<String> = [
        "post.mention.create", "post.reply.create", "post.quote.create", "post.repost.create",
    ]

    /// `GET /2/activity/stream`
    mutating func openStream(_ call: Call) throws(Problem) -> XReply {
        try call.allow(["backfill_minutes", "start_time", "end_time"], fields: false)
        if let minutes = call.value("backfill_minutes"), minutes != "0" {
            throw .clientForbidden("client-not-enrolled")
        }
        guard activity.streams.count < limits.streams else { throw .tooManyConnections }
        activity.streamCount += 1
        activity.streams.append(activity.streamCount)
        var reply = XReply(200, body: [], contentType: "application/json; charset=utf-8")
        reply.manner = .stream(activity.streamCount)
        return reply
    }

    /// `GET /2/activity/subscriptions`
    func listSubscriptions(_ credential: XCredential) -> XReply {
        let all = subscriptions
        guard !all.isEmpty else { return XReply(200, ["meta": ["result_count": 0]]) }
        return XReply(
            200, ["data": .array(all.map(Self.json)), "meta": ["result_count": .number(Int64(all.count))]])
    }

    /// `POST /2/activity/subscriptions`
    mutating func subscribe(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        guard let json = JSON(call.request.body), let event = json["event_type"]?.string else {
            throw .invalid([("event_type", "")], "The `event_type` body parameter can not be empty")
        }
        guard Self.publicEvents.union(Self.privateEvents).contains(event) else {
            throw .invalid(
                [("event_type", event)], "The `event_type` body parameter value [\(event)] is not valid")
        }
        guard let text = json["filter"]?["user_id"]?.string, let user = Snowflake.id(text), users[user] != nil
        else {
            throw .invalid(
                [("filter.user_id", json["filter"]?["user_id"]?.string ?? "")],
                "The filter names no user that exists")
        }
        if Self.privateEvents.contains(event), credential.user != user {
            throw .plain(403, "Forbidden", "Private events require the consent of the user they are about.")
        }
        let tag = json["tag"]?.string
        guard tag.map({ (1...200).contains($0.count) }) ?? true else {
            throw .invalid([("tag", tag ?? "")], "The tag must have 1 to 200 characters")
        }
        if activity.subscriptions.values.contains(where: { $0.eventType == event && $0.user == user }) {
            throw .plain(409, "Conflict", "A subscription with this event type and filter exists already.")
        }
        do throws(XRefusal) {
            let id = try subscribe(to: event, of: user, tag: tag, consent: credential.user)
            guard let subscription = activity.subscriptions[id] else { throw .full }
            return XReply(200, ["data": ["subscription": Self.json(subscription)]])
        } catch {
            throw .plain(403, "Forbidden", "The limit of subscriptions is reached.")
        }
    }

    /// `PUT /2/activity/subscriptions/:id`
    mutating func resubscribe(_ call: Call) throws(Problem) -> XReply {
        guard let id = Snowflake.id(call.parameter), var subscription = activity.subscriptions[id] else {
            throw .plain(404, "Not Found", "There is no such subscription.")
        }
        subscription.tag = JSON(call.request.body)?["tag"]?.string ?? subscription.tag
        subscription.updatedAt = now
        activity.subscriptions[id] = subscription
        return XReply(
            200,
            [
                "data": [
                    "subscription": Self.json(subscription),
                    "total_subscriptions": .number(Int64(activity.subscriptions.count)),
                ]
            ])
    }

    /// `DELETE /2/activity/subscriptions/:id` and `DELETE /2/activity/subscriptions?ids=`
    mutating func unsubscribe(_ call: Call, many: Bool) throws(Problem) -> XReply {
        guard many else {
            guard let id = Snowflake.id(call.parameter), activity.subscriptions.removeValue(forKey: id) != nil
            else {
                throw .plain(404, "Not Found", "There is no such subscription.")
            }
            return XReply(200, ["data": ["deleted": true]])
        }
        var (deleted, errors): ([JSON], [JSON]) = ([], [])
        for text in (call.value("ids") ?? "").split(separator: ",") {
            let isKnown = Snowflake.id(text).flatMap { activity.subscriptions.removeValue(forKey: $0) } != nil
            if isKnown {
                deleted.append(["subscription_id": .text(String(text)), "deleted": true])
            } else {
                errors.append([
                    "subscription_id": .text(String(text)), "message": "not found", "reason": "not_found",
                ])
            }
        }
        var json = ObjectBuilder()
        json["data"] = .array(deleted)
        if !errors.isEmpty { json["errors"] = .array(errors) }
        json["meta"] = ["total_subscriptions": .number(Int64(activity.subscriptions.count))]
        return XReply(200, json.json)
    }

    private static func json(_ subscription: XSubscription) -> JSON {
        var json = ObjectBuilder()
        json["subscription_id"] = .id(subscription.id)
        json["event_type"] = .text(subscription.eventType)
        json["filter"] = ["user_id": .id(subscription.user)]
        json["tag"] = subscription.tag.map { .text($0) }
        json["created_at"] = .text(subscription.createdAt.iso)
        json["updated_at"] = .text(subscription.updatedAt.iso)
        return json.json
    }
}
