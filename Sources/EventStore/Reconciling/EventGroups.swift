// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// The groups of an event: one for each letter by which it names repositories.
///
/// All events that name just the same repositories by a letter are one group, so each is in one group of a letter and no more. What
/// names any of some repositories is therefore the sum of groups. Most events name one repository; those of repositories with
/// forks name the same few.
struct EventGroups {
    /// One repository that an event names.
    struct Naming: Hashable, Comparable {
        var letter: GroupLetter
        /// Stands for the address or the identifier: ``KeyMaker/repository(_:_:)``.
        var repository: UInt64

        static func < (a: Naming, b: Naming) -> Bool {
            a.letter == b.letter ? a.repository < b.repository : a.letter.rawValue < b.letter.rawValue
        }
    }

    /// In order, each once.
    private(set) var namings: [Naming] = []

    /// Finds what an event names. Keeps its room for the next one.
    mutating func find(_ layout: EventLayout, json: Span<UInt8>, _ maker: KeyMaker) {
        namings.removeAll(keepingCapacity: true)
        var tags = TagScanner(layout)
        while let tag = tags.next(in: json) {
            guard let byte = tag.letter(in: json), let letter = GroupLetter(byte, of: layout.kind),
                let range = tag.value
            else { continue }
            if tag.valueHasEscapes {
                guard let value = tag.value(in: json) else { continue }
                add(letter, value.bytes.span, maker)
            } else {
                add(letter, json.extracting(range), maker)
            }
        }
        guard namings.count > 1 else { return }
        namings.sort()
        var kept = 1
        for index in 1..<namings.count where namings[index] != namings[kept - 1] {
            namings[kept] = namings[index]
            kept += 1
        }
        namings.removeLast(namings.count - kept)
    }

    private mutating func add(_ letter: GroupLetter, _ value: Span<UInt8>, _ maker: KeyMaker) {
        guard letter.names(value) else { return }
        namings.append(Naming(letter: letter, repository: maker.repository(letter, value)))
    }

    /// How many groups it is in.
    var groupCount: Int { Set(namings.map(\.letter)).count }

    /// Gives each group and what it names.
    func forEachGroup(
        _ maker: KeyMaker, _ body: (TreeName, ArraySlice<Naming>) throws(StoreError) -> Void
    ) throws(StoreError) {
        var start = 0
        while start < namings.count {
            let letter = namings[start].letter
            var end = start + 1
            while end < namings.count, namings[end].letter == letter { end += 1 }
            try body(TreeName(letter, group: maker.group(letter, namings[start..<end])), namings[start..<end])
            start = end
        }
    }
}

extension KeyMaker {
    /// An address or an identifier. Sums hold no event to look at, so tests do not narrow it; two that agree in 64 secret bits will not
    /// be met.
    func repository(_ letter: GroupLetter, _ value: Span<UInt8>) -> UInt64 {
        var hash = KeyHash(secret)
        hash.absorb(letter.rawValue)
        hash.absorb(value)
        return hash.finish()
    }

    /// Everything that names just these.
    fileprivate func group(_ letter: GroupLetter, _ namings: ArraySlice<EventGroups.Naming>) -> UInt64 {
        var hash = KeyHash(secret)
        hash.absorb(word: 4 | UInt64(letter.rawValue) << 8)
        for naming in namings { hash.absorb(word: naming.repository) }
        return hash.finish()
    }
}
