// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

extension ImportRun {
    mutating func readPost(_ name: String, _ id: PostID, in directory: String) async throws(ExchangeError) {
        if let row = try known(id) { return try await add(ReadPost(row.snapshot, raw: []), at: name) }
        guard let bytes = try bytes(name, in: directory) else { return }
        let read = Result { () throws(ReadingError) in try ReadPost(archived: bytes) }
        switch read {
        case .success(let post): try await add(post, at: name)
        case .failure(let error):
            // Its name says less than what is in it: the number at its end may be an account's.
            let user = Result { () throws(ReadingError) in try User(archived: bytes) }
            guard case .success(let user) = user else { return report.damage(name, error.description) }
            try await add(user)
        }
    }

    mutating func readProfile(_ name: String, in directory: String) async throws(ExchangeError) {
        guard let bytes = try bytes(name, in: directory) else { return }
        guard let user = parsed(name, { () throws(ReadingError) in try User(archived: bytes) }) else {
            return
        }
        try await add(user)
    }

    /// An event alone, or with the post that it was made of.
    mutating func readEvent(_ name: String, in directory: String) async throws(ExchangeError) {
        guard let bytes = try bytes(name, in: directory) else { return }
        guard let tree = parsed(name, { () throws(ReadingError) in try JSONTree(bytes) }) else { return }
        let json = tree.root
        let inner = json["event_json"].map { $0.isObject ? $0.raw : Array(($0.text ?? "").utf8) }
        guard let event = judged(inner ?? bytes, name) else { return }
        guard [1, 6, 16].contains(event.kind.rawValue) else {
            // A profile or a list of relays: the bridge makes its own.
            report.ignored += 1
            return
        }
        let told = json["tweet_id"]?.spelt.flatMap { PostID($0) }
        guard let post = told ?? event.mirroredPost else {
            report.ignored += 1
            return
        }
        guard event.mirroredPost.map({ $0 == post }) ?? true else {
            return report.damage(name, "the event is of another post")
        }
        try await add(event, of: post, at: name)
    }

    /// An event whose id and signature are true.
    private mutating func judged(_ bytes: [UInt8], _ name: String) -> Event? {
        do throws(EventError) {
            guard let event = try Event.parse(bytes).withTrueID() else {
                report.damage(name, "the event's id is not its hash")
                return nil
            }
            guard event.hasTrueSignature(using: verifier) else {
                report.damage(name, "the event's signature is wrong")
                return nil
            }
            return event
        } catch {
            report.damage(name, "no event")
            return nil
        }
    }

    /// An empty file, or one that says why.
    mutating func readGone(_ name: String, _ id: PostID, in directory: String) async throws(ExchangeError) {
        guard let bytes = try bytes(name, in: directory) else { return }
        let (isKnown, post) = try storing { () throws(BridgeStoreError) in
            (try store.gone(id) != nil, try store.post(id))
        }
        if isKnown {
            report.known += 1
            return
        }
        // What is here in full was had later than it was missing, or is worth keeping all the same.
        if let post, !post.isReference, try !isWaiting(post) { return report.ignored += 1 }
        var (absence, status, recheck) = (Absence.deleted, Int?.none, Int64?.none)
        if !bytes.isEmpty,
            case .success(let tree) = Result(catching: { () throws(ReadingError) in try JSONTree(bytes) })
        {
            absence = tree.root["reason"]?.text.flatMap { Absence(rawValue: $0) } ?? .deleted
            status = tree.root["status"]?.integer
            recheck = tree.root["recheck_at"]?.text.flatMap { UTCMoment.lenient($0) }
        }
        let marker = (absence, status, recheck)
        try await storing { () async throws(BridgeStoreError) in
            try await store.markGone(id, marker.0, status: marker.1, recheckAt: marker.2)
        }
        report.count(.gone)
    }

    private func isWaiting(_ post: PostRow) throws(ExchangeError) -> Bool {
        guard let author = post.snapshot.post.author else { return false }
        return try storing { () throws(BridgeStoreError) in
            try store.todo(of: author, after: PostID(max(1, post.snapshot.post.id.number) - 1), limit: 1)
                .first?.post == post.snapshot.post.id
        }
    }

    private mutating func bytes(_ name: String, in directory: String) throws(ExchangeError) -> [UInt8]? {
        do throws(ExchangeError) {
            if let bytes = try ArchiveFile.read("\(directory)/\(name)", most: limits.documentBytes) {
                return bytes
            }
            report.damage(name, "no regular file of at most \(limits.documentBytes) bytes")
        } catch {
            guard case .unreadable(_, let reason) = error else { throw error }
            report.damage(name, reason)
        }
        return nil
    }

    mutating func parsed<Value>(
        _ place: String, _ read: () throws(ReadingError) -> Value
    ) -> Value? {
        do throws(ReadingError) { return try read() } catch {
            report.damage(place, error.description)
            return nil
        }
    }
}
