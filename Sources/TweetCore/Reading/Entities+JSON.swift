// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Entities {
    /// Reads what X found in a text. A link without an address or a mention without a handle is left out.
    init(_ json: JSONValue) throws(ReadingError) {
        self.init()
        urls = Self.links(json["urls"])
        for mention in json["mentions"]?.elements ?? [] {
            let user = try mention.userID("id")
            guard let handle = mention.text("username") else { continue }
            let (start, end) = Self.place(mention)
            mentions.append(Mention(start: start, end: end, handle: handle, user: user))
        }
        hashtags = (json["hashtags"]?.elements ?? []).compactMap { $0.text("tag") }
        cashtags = (json["cashtags"]?.elements ?? []).compactMap { $0.text("tag") }
    }

    static func links(_ json: JSONValue?) -> [Link] {
        (json?.elements ?? []).compactMap { value in
            guard let short = value.text("url") else { return nil }
            let (start, end) = place(value)
            var link = Link(start: start, end: end, short: short)
            link.expanded = value.text("expanded_url")
            link.display = value.text("display_url")
            link.unwound = value.text("unwound_url")
            link.title = value.text("title")
            link.mediaKey = value.text("media_key")
            return link
        }
    }

    private static func place(_ json: JSONValue) -> (Int, Int) {
        (json.integer("start") ?? 0, json.integer("end") ?? 0)
    }
}
