// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Posts in the words of X's older vocabulary: what ``Post/init(_:)`` reads.
extension Post {
    /// The members of its object.
    package func write(to output: inout JSONOutput) {
        output.member("id", id.description)
        output.member("text", text)
        output.member("author_id", author?.description)
        output.member("created_at", at: createdAt)
        output.member("edit_history_tweet_ids", versions.map(\.description))
        output.member("conversation_id", conversation?.description)
        output.member("in_reply_to_user_id", inReplyTo?.description)
        output.member("attachments") {
            $0.member("media_keys", mediaKeys)
            $0.member("poll_ids", polls)
        }
        output.member("entities") { entities.write(to: &$0) }
        output.member("lang", language)
        output.member("source", source)
        output.member("reply_settings", replySettings)
        if isSensitive { output.member("possibly_sensitive", true) }
        if let longText {
            output.member("note_tweet") {
                $0.member("text", longText.text)
                $0.member("entities") { longText.entities.write(to: &$0) }
            }
        }
        if let editing {
            output.member("edit_controls") {
                $0.member("edits_remaining", editing.remaining)
                $0.member("is_edit_eligible", editing.isEligible)
                $0.member("editable_until", at: editing.editableUntil)
            }
        }
        if let metrics { output.member("public_metrics") { metrics.write(to: &$0) } }
        if let withheld {
            output.member("withheld") {
                $0.member("copyright", withheld.isForCopyright)
                $0.member("country_codes", withheld.countries)
            }
        }
    }

    /// Its references, each with what `data` says about it.
    package func archivedReferences(_ data: (PostID) -> [UInt8]?) -> [UInt8]? {
        if references.isEmpty { return nil }
        return JSONOutput.array(
            references.map { reference in
                JSONOutput.object {
                    $0.member("id", reference.id.description)
                    $0.member("type", reference.kind.rawValue)
                    $0.member("data", json: data(reference.id))
                }
            })
    }
}

extension Post.Metrics {
    package func write(to output: inout JSONOutput) {
        output.member("retweet_count", reposts)
        output.member("reply_count", replies)
        output.member("like_count", likes)
        output.member("quote_count", quotes)
        output.member("bookmark_count", bookmarks)
        output.member("impression_count", impressions)
    }
}

extension Entities {
    package func write(to output: inout JSONOutput) {
        if let urls = Self.json(urls) { output.member("urls", json: urls) }
        if !mentions.isEmpty {
            output.member(
                "mentions",
                json: JSONOutput.array(
                    mentions.map { mention in
                        JSONOutput.object {
                            $0.member("start", mention.start)
                            $0.member("end", mention.end)
                            $0.member("username", mention.handle)
                            $0.member("id", mention.user?.description)
                        }
                    }))
        }
        for (name, tags) in [("hashtags", hashtags), ("cashtags", cashtags)] where !tags.isEmpty {
            let json = tags.map { tag in JSONOutput.object { $0.member("tag", tag) } }
            output.member(name, json: JSONOutput.array(json))
        }
    }

    static func json(_ links: [Link]) -> [UInt8]? {
        if links.isEmpty { return nil }
        return JSONOutput.array(
            links.map { link in
                JSONOutput.object {
                    $0.member("start", link.start)
                    $0.member("end", link.end)
                    $0.member("url", link.short)
                    $0.member("expanded_url", link.expanded)
                    $0.member("display_url", link.display)
                    $0.member("unwound_url", link.unwound)
                    $0.member("title", link.title)
                    $0.member("media_key", link.mediaKey)
                }
            })
    }
}
