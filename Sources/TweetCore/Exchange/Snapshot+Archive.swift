// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Snapshot {
    /// The post with its author, its media and the posts that it refers to inside it, as nostrweet keeps it in a file.
    public var archived: [UInt8] {
        JSONOutput.object { output in
            post.write(to: &output)
            output.member("author", json: author?.archived)
            let known = Dictionary(referenced.map { ($0.post.id, $0) }) { first, _ in first }
            output.member("referenced_tweets", json: post.archivedReferences { known[$0]?.archived })
            output.member("includes") {
                if !media.isEmpty { $0.member("media", json: JSONOutput.array(media.map(\.archived))) }
                if !polls.isEmpty { $0.member("polls", json: JSONOutput.array(polls.map(\.archived))) }
            }
        }
    }
}

extension ReadPost {
    /// Reads a post from a file: as ``Snapshot/archived``, or as X answers when asked for one post.
    ///
    /// What the file says about authors, media and other posts is left out where it cannot be read: old files have
    /// authors without a number.
    ///
    /// - Throws: ``ReadingError`` when it is no post with a number and a text.
    public init(archived bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(ReadingError) {
        let root = try JSONTree(bytes, limits: limits).root
        let json = root["text"] == nil ? root["data"] ?? root : root
        var includes = Self.includes(root)
        let post = try includes.gather(json, depth: Includes.depthMax)
        self.init(includes.snapshot(of: post), raw: json.raw)
    }

    private static func includes(_ json: JSONValue) -> Includes {
        do { return try Includes(json["includes"]) } catch {
            // The post is worth more than what came along with it.
            return Includes()
        }
    }
}

extension Includes {
    init() {}

    /// A post with all that is inside it.
    fileprivate mutating func gather(_ json: JSONValue, depth: Int) throws(ReadingError) -> Post {
        var post = try Post(json)
        if let author = Self.user(json["author"]) {
            add(author)
            post.author = post.author ?? author.id
        }
        if post.createdAt == nil {
            // Numbers tell the moment since November 2010.
            post.createdAt = post.id.number >> 32 > 0 ? post.id.milliseconds : nil
        }
        add(post)
        guard depth > 0 else { return post }
        for reference in json["referenced_tweets", "referenced_posts"]?.elements ?? [] {
            guard let data = reference["data"] else { continue }
            do { _ = try gather(data, depth: depth - 1) } catch {
                // Known by its number alone.
                continue
            }
            do { try add(data["includes"]) } catch { continue }
        }
        return post
    }

    private static func user(_ json: JSONValue?) -> User? {
        guard let json else { return nil }
        do { return try User(json) } catch { return nil }
    }
}

extension User {
    /// Reads an account from a file: alone, or as X answers when asked for one.
    ///
    /// - Throws: ``ReadingError`` when it is no account with a number and a handle.
    public init(archived bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(ReadingError) {
        try self.init(JSONTree(bytes, limits: limits).root)
    }
}
