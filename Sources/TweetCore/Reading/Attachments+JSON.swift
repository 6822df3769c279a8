// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Media {
    /// `nil` without a key or a type: nothing could be done with it.
    init?(_ json: JSONValue) {
        guard let key = json["media_key"]?.spelt, let type = json.text("type") else { return nil }
        self.init(key: key, type: type)
        url = json.text("url")
        preview = json.text("preview_image_url")
        width = json.integer("width")
        height = json.integer("height")
        duration = json.integer("duration_ms")
        alternativeText = json.text("alt_text")
        variants = (json["variants"]?.elements ?? []).compactMap { variant in
            guard let type = variant.text("content_type"), let url = variant.text("url") else { return nil }
            return Variant(contentType: type, url: url, bitRate: variant["bit_rate", "bitrate"]?.integer)
        }
    }
}

extension Poll {
    /// `nil` without an id.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.spelt else { return nil }
        self.init(id: id)
        options = (json["options"]?.elements ?? []).enumerated().compactMap { number, option in
            guard let label = option.text("label") else { return nil }
            return Option(
                position: option.integer("position") ?? number + 1, label: label,
                votes: option.integer("votes") ?? 0)
        }
        minutes = json.integer("duration_minutes")
        end = json.moment("end_datetime")
        isOpen = json.text("voting_status").map { $0 == "open" }
    }
}
