// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Where a list goes on. Nobody can read it, and it only fits the request it was made for.
struct PageToken: Hashable {
    enum Direction: UInt64 {
        case older = 0
        case newer = 1
    }

    var direction: Direction
    /// The last post before the place.
    var id: XPostID
    /// What the list is of, such as its route and parameter.
    var list: String

    private static let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")

    var text: String {
        let seal = Self.fingerprint(list)
        var number = id ^ seal
        var letters: [Character] = []
        for _ in 0..<13 {
            letters.append(Self.alphabet[Int(number % 36)])
            number /= 36
        }
        let check = Self.fingerprint("\(id) \(direction.rawValue) \(list)") % 1_296
        letters.append(Self.alphabet[Int((direction.rawValue * 17 + seal) % 36)])
        letters.append(Self.alphabet[Int(check / 36)])
        letters.append(Self.alphabet[Int(check % 36)])
        return String(letters)
    }

    init(_ direction: Direction, _ id: XPostID, list: String) {
        self.direction = direction
        self.id = id
        self.list = list
    }

    init?(_ text: String, list: String) {
        let letters = Array(text)
        guard letters.count == 16 else { return nil }
        var number: UInt64 = 0
        for letter in letters[..<13].reversed() {
            guard let digit = Self.alphabet.firstIndex(of: letter) else { return nil }
            number = number &* 36 &+ UInt64(digit)
        }
        let id = number ^ Self.fingerprint(list)
        for direction in [Direction.older, .newer] {
            self.init(direction, id, list: list)
            if self.text == text { return }
        }
        return nil
    }

    /// FNV-1a.
    private static func fingerprint(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
