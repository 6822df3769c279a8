// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetBridge
import TweetCore

// One post, with everything that is known of it.
extension BridgeDesk {
    func show(_ name: String, _ options: BridgeOrder.Options) async throws -> [String] {
        let id = try Self.post(name)
        guard let row = try store.post(id) else {
            if let gone = try store.gone(id) {
                throw CommandFailure("the post \(id) is \(gone.absence.rawValue)")
            }
            throw CommandFailure("the post \(id) was not read; `rookery bridge fetch-tweet` reads it")
        }
        let listing = try store.listing(of: row)
        let versions = try versions(of: row)
        let preview = listing.mirror == nil ? try await bridge.preview(row.snapshot) : nil
        return options.json == true
            ? [try json(listing, versions, preview)] : try lines(listing, versions, preview)
    }

    /// A version of a post that has an event, and where that is.
    private struct Version {
        var post: PostID
        var mirror: MirrorRow?
        var event: Event?
        var relays: [(url: String, delivery: DeliveryRow)]
    }

    private func versions(of row: PostRow) throws -> [Version] {
        let urls = Dictionary(try store.relays().map { ($0.number, $0.url) }) { first, _ in first }
        let ids = Set(try store.versions(of: row.first) + [row.first, row.snapshot.post.id]).sorted()
        return try ids.map { id in
            let mirror = try store.mirror(id)
            var version = Version(post: id, mirror: mirror, event: nil, relays: [])
            guard let event = mirror?.id else { return version }
            version.event = try store.signed(event)
            version.relays = try store.deliveries(of: event).compactMap { number, delivery in
                urls[number].map { ($0, delivery) }
            }.sorted { $0.url < $1.url }
            return version
        }
    }

    private func lines(
        _ listing: PostListing, _ versions: [Version], _ preview: UnsignedEvent?
    ) throws -> [String] {
        let (row, post) = (listing.row, listing.row.snapshot.post)
        var lines = ["post      \(post.id)"]
        let name = try handle(of: row.snapshot).map { "@\($0)  " } ?? ""
        lines.append("author    \(name)\(post.author.map { "\($0)" } ?? "not known")")
        lines.append("made      \(UTCMoment.text(post.createdAt ?? post.id.milliseconds))")
        lines.append("read      \(UTCMoment.text(row.firstSeen)), last \(UTCMoment.text(row.lastSeen))")
        lines += post.plainText.split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated().map { ($0 == 0 ? "text      " : "          ") + $1 }
        for reference in post.references {
            lines.append("refers    \(reference.kind.rawValue) \(reference.id)")
        }
        for medium in row.snapshot.media {
            let media = try store.media(medium.key)
            let status = media.map { "  \($0.download.status.rawValue)" } ?? ""
            lines.append("media     \(medium.type)  \(medium.file ?? medium.key)\(status)")
        }
        let reason = listing.reason.isEmpty ? "" : ": \(listing.reason)"
        lines.append("state     \(listing.standing.rawValue)\(reason)")
        if let item = listing.item { lines.append("item      \(item)") }
        for version in versions { lines += Self.lines(of: version, isOnly: versions.count == 1) }
        if let preview { lines.append("would be  kind \(preview.kind), \(Self.oneLine(preview.content))") }
        return lines
    }

    private static func lines(of version: Version, isOnly: Bool) -> [String] {
        var lines = isOnly ? [] : ["version   \(version.post)"]
        guard let mirror = version.mirror else { return lines }
        lines.append(
            "event     \(mirror.event)  kind \(mirror.kind)\(mirror.isStanding ? "" : ", taken back")")
        return lines
            + version.relays.map { url, delivery in
                "relay     \(url)  \(delivery.state.rawValue)\(delivery.reason.map { ": \($0)" } ?? "")"
            }
    }

    private func json(
        _ listing: PostListing, _ versions: [Version], _ preview: UnsignedEvent?
    ) throws -> String {
        let (row, post) = (listing.row, listing.row.snapshot.post)
        let raw = try store.raw(post.id)
        let item = try listing.mirror?.moderation ?? listing.item ?? store.item(of: .post(post.id))?.number
        let decided = try item.flatMap { try store.item($0) }
        let media = try row.snapshot.media.compactMap { try store.media($0.key) }
        return Self.line { output in
            output.member("id", "\(post.id)")
            output.member("state", listing.standing.rawValue)
            output.member("reason", listing.reason.isEmpty ? nil : listing.reason)
            output.member("is_reference", row.isReference)
            output.member("first_seen_at", at: row.firstSeen)
            output.member("last_seen_at", at: row.lastSeen)
            output.member("twitter", json: row.snapshot.archived)
            output.member("raw", json: raw)
            output.member("versions", json: JSONOutput.array(versions.map(Self.json)))
            output.member("would_be", json: preview.map { Self.json($0) })
            output.member("media", json: JSONOutput.array(media.map(Self.json)))
            if let decided {
                output.member(
                    "moderation",
                    json: JSONOutput.object {
                        $0.member("item", Int(decided.number))
                        $0.member("state", decided.state.rawValue)
                        $0.member("rules", decided.hits)
                    })
            }
        }
    }

    private static func json(_ version: Version) -> [UInt8] {
        JSONOutput.object { output in
            output.member("id", "\(version.post)")
            guard let mirror = version.mirror else { return }
            output.member("event_id", mirror.event)
            output.member("pubkey", mirror.pubkey)
            output.member("kind", Int(mirror.kind))
            output.member("made_at", at: mirror.at)
            output.member("deletion", mirror.deletion)
            output.member("event", json: version.event.map { Array($0.json) })
            let relays = version.relays.map { url, delivery in
                JSONOutput.object {
                    $0.member("url", url)
                    $0.member("state", delivery.state.rawValue)
                    $0.member("reason", delivery.reason)
                    $0.member("attempts", delivery.attempts)
                    $0.member("updated_at", at: delivery.updatedAt)
                }
            }
            output.member("relays", json: JSONOutput.array(relays))
        }
    }

    private static func json(_ media: MediaRow) -> [UInt8] {
        JSONOutput.object {
            $0.member("media_key", media.media.key)
            $0.member("type", media.media.type)
            $0.member("url", media.media.file)
            $0.member("alt_text", media.media.alternativeText)
            $0.member("status", media.download.status.rawValue)
            $0.member("sha256", media.download.hash)
            $0.member("bytes", media.download.bytes)
            $0.member("error", media.download.lastError)
        }
    }

    private static func json(_ event: UnsignedEvent) -> [UInt8] {
        JSONOutput.object {
            $0.member("pubkey", event.pubkey.hex)
            $0.member("created_at", Int(event.createdAt.seconds))
            $0.member("kind", Int(event.kind.rawValue))
            let tags = event.tags.map { tag in
                JSONOutput.array(tag.elements.map { JSONOutput.string($0.string) })
            }
            $0.member("tags", json: JSONOutput.array(tags))
            $0.member("content", event.content)
        }
    }
}
