// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How well an event answers a search: the higher, the earlier it is told.
///
/// Every word counts by where it stands, ten in a name or a title, and by how often, up to five; the very phrase counts twenty, and ten
/// a title of nothing else.
public struct SearchScore: Hashable, Comparable, Sendable {
    public let value: Int

    private static let title = 10
    private static let timesMax = 5
    private static let phrase = 20
    private static let wholeTitle = 10

    /// - Parameter json: canonical bytes of an event that matches.
    public init(_ query: SearchQuery, json: Span<UInt8>, layout: EventLayout) {
        let words = query.words
        var times = [Int](repeating: 0, count: words.count)
        var inTitle = [Bool](repeating: false, count: words.count)
        var (titleWords, titleHits) = (0, 0)
        var follower = PhraseFollower(query.phrase)
        SearchedText.forEachWord(of: layout, json: json) { word, place in
            let index = words.firstIndex(of: word)
            if place.isTitle {
                titleWords += 1
                if index != nil { titleHits += 1 }
            }
            guard let index else { return true }
            times[index] += 1
            if place.isTitle { inTitle[index] = true }
            follower.meet(index, at: place.number)
            return true
        }
        var sum = 0
        for index in words.indices {
            sum += min(times[index], Self.timesMax) + (inTitle[index] ? Self.title : 0)
        }
        if follower.isComplete { sum += Self.phrase }
        if titleHits > 0, titleHits == titleWords { sum += Self.wholeTitle }
        value = sum
    }

    public static func < (a: SearchScore, b: SearchScore) -> Bool { a.value < b.value }
}

/// Watches for the words of a search in their order, with nothing between them. One word is no phrase.
private struct PhraseFollower {
    private let phrase: [(word: Int, number: Int)]
    private var met = 0
    private var base = 0
    private(set) var isComplete = false

    init(_ phrase: [(word: Int, number: Int)]) { self.phrase = phrase }

    mutating func meet(_ word: Int, at number: Int) {
        guard phrase.count > 1, !isComplete else { return }
        if met > 0, phrase[met].word == word, number - phrase[met].number == base {
            met += 1
        } else if phrase[0].word == word {
            met = 1
            base = number - phrase[0].number
        } else if met > 0, number - phrase[met].number > base {
            met = 0
        }
        if met == phrase.count {
            isComplete = true
        }
    }
}
