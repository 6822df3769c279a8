// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Accounts, media and polls in the words of X's older vocabulary.
extension User {
    public var archived: [UInt8] { JSONOutput.object { write(to: &$0) } }

    package func write(to output: inout JSONOutput) {
        output.member("id", id.description)
        output.member("name", name)
        output.member("username", handle)
        output.member("created_at", at: createdAt)
        output.member("description", about)
        output.member("location", location)
        output.member("url", url)
        output.member("entities") {
            $0.member("url") { $0.member("urls", json: Entities.json(urlLinks)) }
            $0.member("description") { $0.member("urls", json: Entities.json(aboutLinks)) }
        }
        output.member("profile_image_url", picture)
        output.member("profile_banner_url", banner)
        if isProtected { output.member("protected", true) }
        output.member("verified", isVerified)
        output.member("verified_type", verifiedType)
        if let metrics { output.member("public_metrics") { metrics.write(to: &$0) } }
        output.member("pinned_tweet_id", pinned?.description)
    }
}

extension User.Metrics {
    package func write(to output: inout JSONOutput) {
        output.member("followers_count", followers)
        output.member("following_count", following)
        output.member("tweet_count", posts)
        output.member("listed_count", listed)
    }
}

extension Media {
    public var archived: [UInt8] { JSONOutput.object { write(to: &$0) } }

    package func write(to output: inout JSONOutput) {
        output.member("media_key", key)
        output.member("type", type)
        output.member("url", url)
        output.member("preview_image_url", preview)
        output.member("width", width)
        output.member("height", height)
        output.member("duration_ms", duration)
        output.member("alt_text", alternativeText)
        if variants.isEmpty { return }
        output.member(
            "variants",
            json: JSONOutput.array(
                variants.map { variant in
                    JSONOutput.object {
                        $0.member("bit_rate", variant.bitRate)
                        $0.member("content_type", variant.contentType)
                        $0.member("url", variant.url)
                    }
                }))
    }
}

extension Poll {
    var archived: [UInt8] {
        JSONOutput.object { output in
            output.member("id", id)
            output.member(
                "options",
                json: JSONOutput.array(
                    options.map { option in
                        JSONOutput.object {
                            $0.member("position", option.position)
                            $0.member("label", option.label)
                            $0.member("votes", option.votes)
                        }
                    }))
            output.member("duration_minutes", minutes)
            output.member("end_datetime", at: end)
            output.member("voting_status", isOpen.map { $0 ? "open" : "closed" })
        }
    }
}
