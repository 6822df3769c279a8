// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import TweetCore

/// The people of the conversion tests, and posts as X would tell of them.
enum Cast {
    static let alice = user(44_196_397, "alice", "Alice A.")
    static let bob = user(2_244_994_945, "bob", "Bob")
    static let bobby = user(2_244_994_946, "bobby", "Bobby")
    static let carol = user(1_600_000_000_000_000_001, "carol_c", "Carol")
    static let dave = user(999_999_999_999_999_999, "dave", "Dave")

    private static func user(_ id: UInt64, _ handle: String, _ name: String) -> User {
        User(id: UserID(id), handle: handle, name: name)
    }

    static func secret(_ user: User) -> SecretKey {
        guard let key = ring.key(of: user.id) else {
            preconditionFailure("this scheme has a key for everybody")
        }
        return key
    }

    private static let ring = KeyRing(
        .nip06ID, seed: try! Mnemonic(String(repeating: "abandon ", count: 11) + "about").seed)

    static func key(_ user: User) -> PublicKey { secret(user).publicKey }

    /// 2026-07-31T11:45:50Z and a second later for each next number.
    static func postID(_ number: UInt64) -> PostID { PostID(2_083_157_183_716_917_248 + number << 32) }

    static let relay = "wss://relay.example.com"

    /// The keys of Alice, Bob and Carol; Dave and Bobby have none.
    static var resolution: Resolution {
        var resolution = Resolution()
        for user in [alice, bob, carol] { resolution.keys[user.id] = key(user) }
        return resolution
    }

    static var settings: ConversionSettings {
        var settings = ConversionSettings()
        settings.relay = relay
        return settings
    }
}

extension Snapshot {
    /// Alice's first post.
    static func fixture(_ text: String, change: (inout Snapshot) -> Void = { _ in }) -> Snapshot {
        fixture(1, text, change: change)
    }

    /// A post by Alice unless said otherwise.
    static func fixture(
        _ number: UInt64, _ text: String, by author: User = Cast.alice,
        change: (inout Snapshot) -> Void = { _ in }
    ) -> Snapshot {
        var post = Post(id: Cast.postID(number), text: text)
        post.author = author.id
        post.createdAt = post.id.milliseconds
        post.versions = [post.id]
        post.conversation = post.id
        post.language = "en"
        var snapshot = Snapshot(post)
        snapshot.author = author
        change(&snapshot)
        return snapshot
    }

    mutating func link(
        _ short: String, to expanded: String?, unwound: String? = nil, display: String? = nil,
        media: String? = nil
    ) {
        var link = Entities.Link(start: post.entities.urls.count, end: 0, short: short)
        (link.expanded, link.unwound, link.display, link.mediaKey) = (expanded, unwound, display, media)
        post.entities.urls.append(link)
    }

    mutating func mention(_ user: User, as written: String? = nil, known: Bool = true) {
        let start = post.entities.mentions.count
        post.entities.mentions.append(
            .init(start: start, end: 0, handle: written ?? user.handle, user: known ? user.id : nil))
    }

    mutating func photo(_ key: String, _ name: String, link short: String, alt: String? = nil) {
        var media = Media(key: key, type: "photo")
        media.url = "https://pbs.twimg.com/media/\(name).jpg"
        (media.width, media.height, media.alternativeText) = (1_200, 800, alt)
        add(media, link: short, "photo")
    }

    mutating func film(_ key: String, type: String = "video", link short: String, variants: [Media.Variant]) {
        var media = Media(key: key, type: type)
        media.preview = "https://pbs.twimg.com/\(type)/\(key)/img/a.jpg"
        (media.width, media.height) = (1_920, 1_080)
        if type == "video" { media.duration = 29_500 }
        media.variants = variants
        add(media, link: short, "video")
    }

    private mutating func add(_ media: Media, link short: String, _ word: String) {
        self.media.append(media)
        post.mediaKeys.append(media.key)
        link(
            short, to: "https://x.com/\(author?.handle ?? "i")/status/\(post.id)/\(word)/1",
            display: "pic.x.com/abc",
            media: media.key)
    }

    /// Refers to a post that was read with this one.
    mutating func refer(_ kind: Post.Reference.Kind, to other: Snapshot) {
        refer(kind, to: other.post.id)
        referenced.append(other)
        guard kind == .repliedTo else { return }
        post.inReplyTo = other.post.author
        post.conversation = other.post.conversation
    }

    mutating func refer(_ kind: Post.Reference.Kind, to id: PostID) {
        post.references.append(.init(kind, id))
        if kind == .repliedTo { post.conversation = id }
    }
}

extension Resolution {
    /// Takes a post for mirrored, as the given settings mirror it without anything else known.
    mutating func mirror(_ snapshot: Snapshot) throws {
        guard let author = snapshot.author else { return }
        let draft = try Converter(Cast.settings).draft(of: snapshot, by: Cast.key(author), with: self)
        guard let event = draft?.event.signed(by: Cast.secret(author)) else { return }
        events[snapshot.post.id] = MirroredEvent(event, relay: Cast.relay)
    }
}
