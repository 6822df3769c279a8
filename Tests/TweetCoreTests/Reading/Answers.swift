// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// Answers of X as its documentation shows them.
enum Answers {
    static func page(_ json: String, of subject: PostPage.Subject = .posts) throws -> PostPage {
        try PostPage(reading: Array(json.utf8), of: subject)
    }

    /// A page with everything: a long answer to a post that quotes another, with pictures, a poll and a film.
    static let full = #"""
        {"data":[{"id":"2083157183716917250","text":"@bob Long &amp; short\u2026 https://t.co/aaa","author_id":"12",
          "created_at":"2026-07-31T11:45:50.000Z","conversation_id":"2083157183716917000","in_reply_to_user_id":"34",
          "edit_history_tweet_ids":["2083157183716917249","2083157183716917250"],
          "referenced_tweets":[{"type":"replied_to","id":"2083157183716917100"}],
          "attachments":{"media_keys":["3_1","7_2","3_gone"],"poll_ids":["77"]},"lang":"en","possibly_sensitive":true,
          "reply_settings":"everyone","source":"Web","withheld":{"copyright":false,"country_codes":["DE","FR"]},
          "entities":{"urls":[{"start":10,"end":33,"url":"https://t.co/aaa","expanded_url":"https://x.test/1","display_url":"x.test/1",
              "unwound_url":"https://x.test/1?a","title":"One","media_key":"3_1","status":200}],
            "mentions":[{"start":0,"end":4,"username":"bob","id":"34"}],"hashtags":[{"start":1,"end":2,"tag":"Nostr"}],
            "cashtags":[{"start":1,"end":2,"tag":"BTC"}],"annotations":[{"probability":0.9}]},
          "note_tweet":{"text":"Long & long","entities":{"hashtags":[{"start":1,"end":2,"tag":"more"}]}},
          "edit_controls":{"edits_remaining":4,"is_edit_eligible":true,"editable_until":"2026-07-31T12:45:50.000Z"},
          "public_metrics":{"retweet_count":1,"reply_count":2,"like_count":3,"quote_count":4,"bookmark_count":5,"impression_count":6},
          "something_new":{"a":[1,2,{"b":null}]}}],
         "includes":{"users":[{"id":"12","username":"alice","name":"Alice \ud83d\ude00","created_at":"2010-01-01T00:00:00Z",
            "description":"hi https://t.co/d","location":"Berlin","url":"https://t.co/u","protected":false,"verified":true,
            "verified_type":"blue","profile_image_url":"https://pbs.test/a_normal.jpg","profile_banner_url":"https://pbs.test/b",
            "entities":{"url":{"urls":[{"start":0,"end":9,"url":"https://t.co/u","expanded_url":"https://alice.test"}]},
              "description":{"urls":[{"start":3,"end":9,"url":"https://t.co/d","expanded_url":"https://d.test"}]}},
            "public_metrics":{"followers_count":10,"following_count":11,"tweet_count":12,"listed_count":13},"pinned_tweet_id":"99"},
           {"id":"34","username":"bob","name":"Bob"}],
          "tweets":[{"id":"2083157183716917100","text":"see this","author_id":"34",
             "referenced_tweets":[{"type":"quoted","id":"2083157183716917000"}],"attachments":{"media_keys":["3_1"]}},
            {"id":"2083157183716917000","text":"first","author_id":"12","referenced_tweets":[{"type":"quoted","id":"2083157183716917100"}]}],
          "media":[{"media_key":"3_1","type":"photo","url":"https://pbs.test/p.jpg","width":100,"height":50,"alt_text":"a bird"},
            {"media_key":"7_2","type":"video","preview_image_url":"https://pbs.test/v.jpg","duration_ms":1234,
             "variants":[{"content_type":"application/x-mpegURL","url":"https://v.test/a.m3u8"},
               {"content_type":"video/mp4","bit_rate":832000,"url":"https://v.test/b.mp4"}]}],
          "polls":[{"id":"77","options":[{"position":1,"label":"yes","votes":3}],"duration_minutes":60,
             "end_datetime":"2026-08-01T11:45:50.000Z","voting_status":"open"}]},
         "meta":{"result_count":1,"newest_id":"2083157183716917250","oldest_id":"2083157183716917250","next_token":"abc"}}
        """#

    /// The same in the words of August 2026.
    static var fullOfPosts: String {
        let renamed = [
            ("referenced_tweets", "referenced_posts"), ("edit_history_tweet_ids", "edit_history_post_ids"),
            ("note_tweet", "note_post"), (#""tweets":"#, #""posts":"#), ("retweet_count", "repost_count"),
            ("tweet_count", "post_count"), ("pinned_tweet_id", "pinned_post_id"),
        ]
        return renamed.reduce(full) { text, pair in
            text.split(separator: pair.0, omittingEmptySubsequences: false).joined(separator: pair.1)
        }
    }
}
