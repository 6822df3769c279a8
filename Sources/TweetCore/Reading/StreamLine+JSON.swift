// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension StreamLine {
    /// Reads a line, without its end.
    ///
    /// - Throws: ``ReadingError``.
    public init(reading line: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(ReadingError) {
        guard line.contains(where: { $0 > 0x20 }) else {
            self = .heartbeat
            return
        }
        let body = try JSONTree(line, limits: limits).root
        guard let data = body["data"], data.isObject else {
            let problems = Problem.all(of: body)
            guard !problems.isEmpty else { throw .wrong(at: "data") }
            self = .problems(problems)
            return
        }
        self = .event(try StreamEvent(data, of: body))
    }
}

extension StreamEvent {
    /// **Characters** of an event's name that tell it from others.
    private static let uuidMax = 64

    init(_ data: JSONValue, of body: JSONValue) throws(ReadingError) {
        let type = try data.required("event_type")
        self.init(
            uuid: String((data.text("event_uuid") ?? "").prefix(Self.uuidMax)),
            user: try data["filter"]?.userID("user_id"),
            tag: data.text("tag"),
            news: .other(type))
        switch type {
        case "post.create":
            guard let payload = data["payload"] else { throw data.missing("payload") }
            let post = try Post(payload)
            let includes = try Includes(data["includes"] ?? body["includes"])
            news = .posted(ReadPost(includes.snapshot(of: post), raw: payload.raw), users: includes.users)
        case "post.delete":
            guard let payload = data["payload"] else { throw data.missing("payload") }
            guard let id = try payload.postID("id", "id_str") else { throw payload.missing("id") }
            news = .deleted(id, author: try payload.userID("author_id"))
        default:
            let profile = "profile.update."
            if type.hasPrefix(profile) { news = .profileChanged(String(type.dropFirst(profile.count))) }
        }
    }
}
