// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension MixedEvents {
    typealias Draft = (author: Int, tags: [Tag], content: String)

    private static let host = "relay.example.com"

    /// Who says what in an event of `kind`.
    func draft(_ kind: Kind, after known: [Earlier], using rng: inout SeededGenerator) -> Draft {
        let author = rng.busy(Self.authors)
        switch kind {
        case 0: return profile(author, using: &rng)
        case 3:
            let count = rng.size(90, spread: 0.9, in: 2...600)
            return (author, (0..<count).map { _ in Tag(["p", person(&rng)]) }, "")
        case 7:
            let parent = earlier(known, using: &rng)
            return (author, reference(parent, "") + kindTag("k", parent), rng.pick(["+", "+", "🪺", "-"]))
        case 1111: return comment(author, after: known, using: &rng)
        case 1617, 1621: return root(kind, author, using: &rng)
        case 1630...1633:
            let tags =
                reference(earlier(known, using: &rng), "root") + [
                    Tag(["a", address(Int(rng.next() % 4000))])
                ]
            return (author, tags, rng.unit() < 0.4 ? vocabulary.text(60, using: &rng) : "")
        case 30_023:
            let tags = [
                Tag(["d", "article-\(rng.next() % 40)"]), Tag(["title", vocabulary.text(50, using: &rng)]),
            ]
            return (
                author, tags + topics(3, &rng),
                vocabulary.text(rng.size(3000, spread: 0.9, in: 200...20_000), using: &rng)
            )
        case 30_617: return announcement(Int(rng.next() % 4000), using: &rng)
        case 30_618: return state(Int(rng.next() % 4000), using: &rng)
        default:
            var tags = topics(Int(rng.next() % 3), &rng)
            if rng.unit() < 0.55 { tags += reference(earlier(known, using: &rng), "root") }
            return (author, tags, vocabulary.text(rng.size(200, spread: 1.25, in: 1...20_000), using: &rng))
        }
    }

    private func profile(_ author: Int, using rng: inout SeededGenerator) -> Draft {
        let name = rng.pick(vocabulary.words)
        let about = vocabulary.text(rng.size(120, spread: 0.8, in: 10...1500), using: &rng)
            .replacing("\\", with: "/").replacing("\"", with: "'").replacing("\n", with: " ").replacing(
                "\t", with: " ")
        return (
            author, [],
            #"{"name":"\#(name)","about":"\#(about)","picture":"https://img.example.com/\#(name).jpg"}"#
        )
    }

    private func announcement(_ number: Int, using rng: inout SeededGenerator) -> Draft {
        let (owner, name) = (number % Self.authors, "repo-\(number)")
        let npub = NIP19Entity.npub(keys[owner].publicKey).bech32 ?? ""
        var tags: [Tag] = [
            Tag(["d", name]), Tag(["name", name]), Tag(["description", vocabulary.text(80, using: &rng)]),
            Tag([
                "clone", "https://\(Self.host)/\(npub)/\(name).git",
                "https://git2.example.com/\(npub)/\(name).git",
            ]),
            Tag(["relays", "wss://\(Self.host)", "wss://relay2.example.com"]),
            Tag(["r", vocabulary.hex(20, using: &rng), "euc"]),
        ]
        let maintainers = (0..<rng.next() % 4).map { _ in person(&rng) }
        if !maintainers.isEmpty { tags.append(Tag(["maintainers"] + maintainers)) }
        return (owner, tags + topics(Int(rng.next() % 4), &rng), "")
    }

    private func state(_ number: Int, using rng: inout SeededGenerator) -> Draft {
        var tags: [Tag] = [Tag(["d", "repo-\(number)"]), Tag(["HEAD", "ref: refs/heads/main"])]
        for branch in 0..<(1 + rng.next() % 14) {
            tags.append(
                Tag([
                    "refs/heads/\(branch == 0 ? "main" : "work-\(branch)")", vocabulary.hex(20, using: &rng),
                ]))
        }
        return (number % Self.authors, tags, "")
    }

    private func root(_ kind: Kind, _ author: Int, using rng: inout SeededGenerator) -> Draft {
        let number = Int(4000 * rng.unit() * rng.unit())
        var tags: [Tag] = [
            Tag(["a", address(number)]), Tag(["p", keys[number % Self.authors].publicKey.hex]),
        ]
        guard kind == 1617 else {
            tags += [Tag(["subject", vocabulary.text(50, using: &rng)])] + topics(2, &rng)
            return (author, tags, vocabulary.text(rng.size(400, spread: 1, in: 1...20_000), using: &rng))
        }
        let commit = vocabulary.hex(20, using: &rng)
        tags += [Tag(["t", "root"]), Tag(["commit", commit]), Tag(["r", commit])]
        return (author, tags, vocabulary.patch(rng.size(1800, spread: 0.9, in: 300...20_000), using: &rng))
    }

    private func comment(_ author: Int, after known: [Earlier], using rng: inout SeededGenerator) -> Draft {
        let parent = earlier(known, using: &rng)
        var tags = kindTag("K", parent) + kindTag("k", parent) + reference(parent, "")
        if let parent { tags += [Tag(["E", parent.id.hex]), Tag(["P", parent.pubkey.hex])] }
        tags.append(Tag(["a", address(Int(rng.next() % 4000))]))
        return (author, tags, vocabulary.text(rng.size(200, spread: 1.25, in: 1...20_000), using: &rng))
    }

    /// An event of before: recent ones more often, and some far more often than their neighbours.
    private func earlier(_ known: [Earlier], using rng: inout SeededGenerator) -> Earlier? {
        guard !known.isEmpty else { return nil }
        let unit = rng.unit()
        var index = known.count - 1 - Int(Double(known.count - 1) * unit * unit * unit * unit)
        if rng.unit() < 0.5 { index -= index % 40 }
        return known[index]
    }

    private func reference(_ event: Earlier?, _ marker: String) -> [Tag] {
        guard let event else { return [] }
        return [Tag(["e", event.id.hex, "wss://\(Self.host)", marker]), Tag(["p", event.pubkey.hex])]
    }

    private func kindTag(_ name: String, _ event: Earlier?) -> [Tag] {
        event.map { [Tag([name, "\($0.kind)"])] } ?? []
    }

    private func topics(_ count: Int, _ rng: inout SeededGenerator) -> [Tag] {
        (0..<count).map { _ in Tag(["t", rng.pick(vocabulary.topics)]) }
    }

    private func person(_ rng: inout SeededGenerator) -> String { rng.pick(keys).publicKey.hex }

    private func address(_ number: Int) -> String {
        "30617:\(keys[number % Self.authors].publicKey.hex):repo-\(number)"
    }
}
