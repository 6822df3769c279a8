// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import TestSupport
import XStandIn

/// An account that posts, edits and deletes while the daemon that mirrors it is killed, and what must be readable in the end.
struct BridgeStorm {
    let x: XServer
    let user: XUserID
    private var rng: SplitMix64
    /// Posts that are there, by the newest of their versions.
    private(set) var live: [XPostID: String] = [:]
    private var photo: String?

    /// - Parameter hasPhotos: whether each post shows one.
    init(_ x: XServer, hasPhotos: Bool = false, seed: UInt64) throws {
        self.x = x
        rng = SplitMix64(seed: seed)
        (user, photo) = try x.withWorld { world in
            (try world.addUser("ada"), hasPhotos ? try world.addMedia(XMediaDraft(altText: "a square")) : nil)
        }
    }

    /// Ten posts; then three of the oldest are edited or deleted.
    mutating func round(_ round: Int) async throws {
        for number in 0..<10 {
            let text = "post \(round) \(number)\(Int.random(in: 0..<4, using: &rng) == 0 ? " not" : "")"
            let draft = draft(text)
            live[try x.withWorld { [user] in try $0.post(draft, by: user) }] = text
            try await rest(30)
        }
        for (id, text) in live.sorted(by: { $0.value < $1.value }).prefix(3) {
            live[id] = nil
            // X lets a post be edited five times.
            if Bool.random(using: &rng), !text.hasSuffix(" edited") {
                let draft = draft(text + " edited")
                live[try x.withWorld { try $0.edit(id, draft) }] = text + " edited"
            } else {
                try x.withWorld { try $0.delete(id) }
            }
        }
        try await rest(400)
    }

    /// Lets so many **milliseconds** pass at the most.
    private mutating func rest(_ most: Int) async throws {
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...most, using: &rng)))
    }

    /// Whether something else happens this time, too.
    mutating func chance() -> Bool { Bool.random(using: &rng) }

    private func draft(_ text: String) -> XDraft {
        XDraft(text, mediaKeys: [photo].compactMap(\.self))
    }

    /// The texts of all posts that are there, but for those that a moderator does not let pass.
    func texts(without word: String? = nil) -> [String] {
        live.values.filter { text in word.map { !text.split(separator: " ").contains($0[...]) } ?? true }
            .sorted()
    }
}
