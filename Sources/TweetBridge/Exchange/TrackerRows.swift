// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TweetCore

/// Rows as documents of the account tracker's collections; moments are dates as MongoDB's tools read them.
extension PostRow {
    func document(raw: [UInt8]?) -> [UInt8] {
        let post = snapshot.post
        var bare = post
        bare.createdAt = nil
        return JSONOutput.object { output in
            bare.write(to: &output)
            output.member("referenced_tweets", json: post.archivedReferences { _ in nil })
            output.member("created_at", date: post.createdAt)
            output.member("raw", json: raw)
            output.member("first_seen_at", date: firstSeen)
            output.member("last_seen_at", date: lastSeen)
        }
    }
}

extension UserRow {
    var document: [UInt8] {
        JSONOutput.object { output in
            output.member("id", user.id.description)
            output.member("username", user.handle)
            output.member("name", user.name)
            output.member("verified", user.isVerified)
            output.member("verified_type", user.verifiedType)
            output.member("protected", user.isProtected)
            output.member("profile_image_url", user.picture)
            if let metrics = user.metrics { output.member("public_metrics") { metrics.write(to: &$0) } }
            output.member("bio_snapshot") {
                $0.member("description", user.about)
                $0.member("url", user.url)
                $0.member("location", user.location)
            }
            output.member("created_at", date: user.createdAt)
            output.member("last_updated_at", date: changedAt)
            output.member("raw", json: user.archived)
        }
    }
}

extension MediaRow {
    func document(path: String?) -> [UInt8] {
        JSONOutput.object { output in
            media.write(to: &output)
            output.member("download") {
                $0.member("status", download.status.rawValue)
                $0.member("stored_path", path)
                $0.member("byte_size", download.bytes)
                $0.member("checksum", download.hash)
                $0.member("last_attempt_at", date: download.lastAttempt)
                $0.member("last_success_at", date: download.lastSuccess)
                $0.member("attempts", download.attempts)
            }
            output.member("raw", json: media.archived)
        }
    }
}

extension AccountRow {
    var document: [UInt8] {
        JSONOutput.object {
            $0.member("username", handle)
            $0.member("user_id", id.description)
            $0.member("active", isActive)
            $0.member("created_at", date: addedAt)
            $0.member("updated_at", date: addedAt)
        }
    }
}

extension StateRow {
    func document(key: String) -> [UInt8] {
        JSONOutput.object {
            $0.member("key", key)
            $0.member("value", value)
            $0.member("updated_at", date: updatedAt)
        }
    }
}

extension GoneRow {
    /// What nostrweet leaves empty.
    var archived: [UInt8] {
        JSONOutput.object {
            $0.member("reason", absence.rawValue)
            $0.member("status", status)
            $0.member("seen_at", at: seenAt)
            $0.member("recheck_at", at: recheckAt)
        }
    }
}
