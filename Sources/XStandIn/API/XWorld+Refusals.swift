// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// Whether somebody may read what an account posts.
    func canRead(_ user: XUser, _ viewer: XCredential) -> Bool {
        user.standing == .active && (!user.isProtected || viewer.user == user.id)
    }

    /// Why a post cannot be shown, as an entry of `errors`; nil if it can.
    ///
    /// - Parameters:
    ///   - parameter: which parameter named it: `id`, `ids`, `referenced_tweets.id`, …
    ///   - section: `data` or `includes`; nil: it is left out.
    func refusal(
        ofPost id: XPostID, parameter: String, section: String? = nil, _ viewer: XCredential, _ words: Words
    ) -> JSON? {
        let label = parameter == "referenced_tweets.id" && words == .post ? "referenced_posts.id" : parameter
        guard let post = posts[id], let author = users[post.author], author.standing != .deactivated else {
            return error(
                "Not Found Error", "Could not find tweet with \(label): [\(id)].", "tweet", label, String(id),
                words.problem("resource-not-found"), section)
        }
        guard !canRead(author, viewer) else { return nil }
        return error(
            "Authorization Error", "Sorry, you are not authorized to see the Tweet with \(label): [\(id)].",
            "tweet",
            label, String(id), words.problem("not-authorized-for-resource"), section)
    }

    /// Why an account cannot be shown; nil if it can.
    ///
    /// - Parameter named: how the request named it.
    func refusal(
        ofUser id: XUserID?, named: String, parameter: String, section: String? = nil, _ words: Words
    ) -> JSON? {
        guard let user = id.flatMap({ users[$0] }), user.standing != .deactivated else {
            return error(
                "Not Found Error", "Could not find user with \(parameter): [\(named)].", "user", parameter,
                named,
                words.problem("resource-not-found"), section)
        }
        guard user.standing == .suspended else { return nil }
        return error(
            "Forbidden", "User has been suspended: [\(named)].", "user", parameter, named,
            words.problem("resource-not-found"), section)
    }

    /// The entry about a protected account whose posts were asked for.
    func protection(of user: XUser, _ words: Words) -> JSON {
        error(
            "Authorization Error", "Sorry, you are not authorized to see the user with id: [\(user.id)].",
            "user", "id",
            String(user.id), words.problem("not-authorized-for-resource"), "data")
    }

    private func error(
        _ title: String, _ detail: String, _ resource: String, _ parameter: String, _ value: String,
        _ type: JSON,
        _ section: String?
    ) -> JSON {
        var json = ObjectBuilder()
        json["value"] = .text(value)
        json["detail"] = .text(detail)
        json["title"] = .text(title)
        json["resource_type"] = .text(resource)
        json["parameter"] = .text(parameter)
        json["resource_id"] = .text(value)
        json["type"] = type
        json["section"] = section.map { .text($0) }
        return json.json
    }
}
