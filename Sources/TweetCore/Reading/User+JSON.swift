// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension User {
    /// Reads an account in either vocabulary; the activity stream wraps it in `{"data": …}`.
    ///
    /// - Throws: ``ReadingError/wrong(at:)`` for an id that is none, and where the id or the handle is missing.
    init(_ wrapped: JSONValue) throws(ReadingError) {
        let json = wrapped["id"] == nil ? wrapped["data"] ?? wrapped : wrapped
        guard let id = json["id"] else { throw json.missing("id") }
        let handle = try json.required("username")
        self.init(id: try id.userID(), handle: handle, name: json.text("name") ?? handle)
        createdAt = json.moment("created_at")
        about = json.text("description")
        location = json.text("location")
        url = json.text("url")
        urlLinks = Entities.links(json["entities"]?["url"]?["urls"])
        aboutLinks = Entities.links(json["entities"]?["description"]?["urls"])
        picture = json.text("profile_image_url")
        banner = json.text("profile_banner_url")
        isProtected = json.flag("protected") ?? false
        isVerified = json.flag("verified")
        verifiedType = json.text("verified_type")
        metrics = json["public_metrics"].map { Metrics($0) }
        pinned = try json.postID("pinned_tweet_id", "pinned_post_id")
    }
}

extension User.Metrics {
    init(_ json: JSONValue) {
        self.init()
        followers = json.integer("followers_count") ?? 0
        following = json.integer("following_count") ?? 0
        posts = json["tweet_count", "post_count"]?.integer ?? 0
        listed = json.integer("listed_count") ?? 0
    }
}
