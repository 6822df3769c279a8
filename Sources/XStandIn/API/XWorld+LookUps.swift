// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension XWorld {
    /// `GET /2/tweets?ids=`
    mutating func lookUpPosts(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow(["ids"])
        let selection = try selection(call)
        let texts = try list(call, "ids", selection.words)
        var ids: [XPostID] = []
        for text in texts {
            let id = try postID(text, parameter: "ids", selection.words)
            if !ids.contains(id) { ids.append(id) }
        }
        return answer(renderPosts(ids, parameter: "ids", selection, credential))
    }

    /// `GET /2/tweets/:id`
    mutating func lookUpPost(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow([])
        let selection = try selection(call)
        let id = try postID(call.parameter, selection.words)
        var rendered = renderPosts([id], parameter: "id", selection, credential)
        rendered.json = single(rendered.json)
        return answer(rendered, status: rendered.posts.isEmpty ? settings.notFoundStatus : 200)
    }

    /// `GET /2/users?ids=` and `GET /2/users/by?usernames=`
    mutating func lookUpUsers(_ call: Call, _ credential: XCredential, byName: Bool) throws(Problem) -> XReply
    {
        let parameter = byName ? "usernames" : "ids"
        try call.allow([parameter])
        let selection = try selection(call, usersFirst: true)
        let texts = try list(call, parameter, selection.words)
        for text in texts { try checkName(text, parameter, byName: byName, selection.words) }
        return answer(renderUsers(texts, parameter: parameter, byName: byName, selection, credential))
    }

    /// `GET /2/users/:id` and `GET /2/users/by/username/:username`
    mutating func lookUpUser(_ call: Call, _ credential: XCredential, byName: Bool) throws(Problem) -> XReply
    {
        try call.allow([])
        let selection = try selection(call, usersFirst: true)
        let parameter = byName ? "username" : "id"
        try checkName(call.parameter, parameter, byName: byName, selection.words)
        var rendered = renderUsers(
            [call.parameter], parameter: parameter, byName: byName, selection, credential)
        rendered.json = single(rendered.json)
        return answer(rendered, status: rendered.users.isEmpty ? settings.notFoundStatus : 200)
    }

    /// `GET /2/users/me`
    mutating func lookUpMe(_ call: Call, _ credential: XCredential) throws(Problem) -> XReply {
        try call.allow([])
        let selection = try selection(call, usersFirst: true)
        guard let id = credential.user else { throw .unsupportedAuthentication("OAuth 2.0 Application-Only") }
        var rendered = renderUsers([String(id)], parameter: "id", byName: false, selection, credential)
        rendered.json = single(rendered.json)
        return answer(rendered)
    }

    private func renderPosts(
        _ ids: [XPostID], parameter: String, _ selection: Selection, _ credential: XCredential
    ) -> Rendered {
        let shaper = Shaper(world: self, selection: selection)
        var inclusion = Inclusion(self, selection, credential)
        var (shown, errors): ([XPost], [JSON]) = ([], [])
        for id in ids {
            if let refusal = refusal(ofPost: id, parameter: parameter, credential, selection.words) {
                errors.append(refusal)
            } else if let post = posts[id] {
                shown.append(post)
                inclusion.add(post)
            }
        }
        var rendered = Rendered(
            json: together(shown.map { shaper.post($0) }, inclusion, errors, shaper), posts: shown.map(\.id))
        rendered.includedPosts = inclusion.posts.map(\.id)
        rendered.includedUsers = inclusion.users.map(\.id)
        return rendered
    }

    private func renderUsers(
        _ texts: [String], parameter: String, byName: Bool, _ selection: Selection, _ credential: XCredential
    ) -> Rendered {
        let shaper = Shaper(world: self, selection: selection)
        var inclusion = Inclusion(self, selection, credential)
        var (shown, errors): ([XUser], [JSON]) = ([], [])
        for text in texts {
            let id = byName ? handles[text.lowercased()] : Snowflake.id(text)
            if let refusal = refusal(ofUser: id, named: text, parameter: parameter, selection.words) {
                errors.append(refusal)
            } else if let user = id.flatMap({ users[$0] }), !shown.contains(where: { $0.id == user.id }) {
                shown.append(user)
                inclusion.add(user)
            }
        }
        var rendered = Rendered(
            json: together(shown.map { shaper.user($0) }, inclusion, errors, shaper), users: shown.map(\.id))
        rendered.includedPosts = inclusion.posts.map(\.id)
        return rendered
    }

    private func together(_ data: [JSON], _ inclusion: Inclusion, _ errors: [JSON], _ shaper: Shaper) -> JSON
    {
        var json = ObjectBuilder()
        if !data.isEmpty { json["data"] = .array(data) }
        json["includes"] = inclusion.json(shaper)
        if !(errors + inclusion.errors).isEmpty { json["errors"] = .array(errors + inclusion.errors) }
        return json.json
    }

    /// An answer about one thing: its data is no list.
    private func single(_ json: JSON) -> JSON {
        .object(
            (json.members ?? []).map { member in
                member.name == "data" ? .init(name: "data", value: member.value[0] ?? .null) : member
            })
    }

    private func checkName(_ text: String, _ parameter: String, byName: Bool, _ words: Words) throws(Problem)
    {
        guard !(byName ? isHandle(text) : Snowflake.id(text) != nil) else { return }
        let pattern = byName ? "^[A-Za-z0-9_]{1,15}$" : "^[0-9]{1,19}$"
        throw .invalid(
            [(parameter, text)],
            "The `\(parameter)` query parameter value [\(text)] does not match \(pattern)", words)
    }

    private func list(_ call: Call, _ name: String, _ words: Words) throws(Problem) -> [String] {
        let values = (call.value(name) ?? "").split(separator: ",").map(String.init)
        guard !values.isEmpty else {
            throw .invalid([(name, "")], "The `\(name)` query parameter can not be empty", words)
        }
        guard values.count <= 100 else {
            throw .invalid(
                [(name, values.joined(separator: ","))],
                "size must be between 1 and 100. The `\(name)` query parameter has \(values.count) values",
                words)
        }
        return values
    }
}
