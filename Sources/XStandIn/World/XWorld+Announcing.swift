// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Tells the activity stream of a new post: its author's followers, and whoever is named, answered, quoted or reposted.
    mutating func announce(_ post: XPost) {
        guard !activity.streams.isEmpty, users[post.author]?.isProtected == false else { return }
        send("post.create", of: post.author, billing: post.id) { $0.postPayload(post) }
        for user in post.mentioned.values.sorted()
        where user != post.author && post.reference(.reposted) == nil {
            send("post.mention.create", of: user, billing: post.id) { $0.postPayload(post) }
        }
        if let user = post.inReplyToUser, user != post.author {
            send("post.reply.create", of: user, billing: post.id) { $0.postPayload(post) }
        }
        for (kind, event) in [
            (XPost.Reference.Kind.quoted, "post.quote.create"), (.reposted, "post.repost.create"),
        ] {
            guard let target = post.reference(kind), let user = posts[target]?.author, user != post.author
            else { continue }
            send(event, of: user, billing: post.id) { $0.postPayload(post) }
        }
    }

    /// Tells the activity stream of a deletion. Users come wrapped in `data` here, as on X.
    mutating func announceDeletion(of id: XPostID, by author: XUserID) {
        guard users[author]?.isProtected == false else { return }
        send("post.delete", of: author, billing: settings.money.billsDeleteEvents ? id : nil) { world in
            let user =
                world.users[author].map { Shaper(world: world, selection: .everything).user($0) } ?? .null
            return [
                ("payload", ["id": .id(id), "author_id": .id(author)]),
                ("includes", ["users": [["data": Self.withTexts(user)]]]),
            ]
        }
    }

    /// Tells the activity stream what is different about an account.
    mutating func announceChanges(from before: XUser, to after: XUser) {
        announceChange("profile.update.bio", of: after.id, from: before.bio, to: after.bio)
        announceChange("profile.update.screenname", of: after.id, from: before.name, to: after.name)
        announceChange("profile.update.geo", of: after.id, from: before.location, to: after.location)
        announceChange(
            "profile.update.url", of: after.id, from: before.website ?? "", to: after.website ?? "")
        announceChange(
            "profile.update.profile_picture", of: after.id, from: before.pictureURL ?? "",
            to: after.pictureURL ?? "")
        announceChange(
            "profile.update.banner_picture", of: after.id, from: before.bannerURL ?? "",
            to: after.bannerURL ?? "")
        announceChange(
            "profile.update.verified_badge", of: after.id, from: before.verifiedType, to: after.verifiedType)
    }

    mutating func announceChange(_ event: String, of user: XUserID, from before: String, to after: String) {
        guard before != after, users[user]?.isProtected == false else { return }
        send(event, of: user, billing: nil) { _ in
            [("payload", ["before": .text(before), "after": .text(after)])]
        }
    }

    /// Puts an event in the queue of every open stream, once for each subscription that fits.
    private mutating func send(
        _ event: String, of user: XUserID, billing id: UInt64?, _ content: (XWorld) -> [(String, JSON)]
    ) {
        guard !activity.streams.isEmpty else { return }
        let fitting = activity.subscriptions.values.filter { $0.eventType == event && $0.user == user }
        for subscription in fitting.sorted(by: { $0.id < $1.id }) {
            let uuid = String(Int64(bitPattern: chance.next()))
            if activity.losing > 0 {
                activity.losing -= 1
                continue
            }
            guard activity.deliveries.count < limits.waitingEvents else { return dropStreams() }
            let line = line(uuid, subscription, content)
            activity.deliveries.append(.init(streams: activity.streams, line: line))
            activity.delivered += 1
            if activity.doubling > 0 {
                activity.doubling -= 1
                activity.deliveries.append(.init(streams: activity.streams, line: line))
            }
            if let id { bill(.streamed, id) }
        }
    }

    private func line(_ uuid: String, _ subscription: XSubscription, _ content: (XWorld) -> [(String, JSON)])
        -> [UInt8]
    {
        var data = ObjectBuilder()
        data["event_uuid"] = .text(uuid)
        data["filter"] = ["user_id": .id(subscription.user)]
        data["event_type"] = .text(subscription.eventType)
        data["tag"] = subscription.tag.map { .text($0) }
        for (name, value) in content(self) { data[name] = value }
        let envelope: JSON = ["data": data.json]
        return envelope.bytes + [13, 10]
    }

    private func postPayload(_ post: XPost) -> [(String, JSON)] {
        let shaper = Shaper(world: self, selection: .everything)
        var inclusion = Inclusion(self, .everything, .app)
        inclusion.add(post)
        var payload = [("payload", Self.withTexts(shaper.post(post)))]
        if let includes = inclusion.json(shaper) { payload.append(("includes", Self.withTexts(includes))) }
        return payload
    }

    /// Every number once more as text, as the stream writes them: `"like_count":0,"like_count_str":"0"`.
    private static func withTexts(_ json: JSON) -> JSON {
        switch json {
        case .array(let items): return .array(items.map(withTexts))
        case .object(let members):
            return .object(
                members.flatMap { member -> [JSON.Member] in
                    guard case .number(let number) = member.value else {
                        return [.init(name: member.name, value: withTexts(member.value))]
                    }
                    return [member, .init(name: member.name + "_str", value: .text(String(number)))]
                })
        default: return json
        }
    }
}
