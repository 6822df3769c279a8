// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing

@Suite struct Bytes32Tests {
    @Test(arguments: 0..<4) func `every byte counts for the hash`(word: Int) {
        let hashes = (0..<1_000).map { number -> Int in
            var words: [UInt64] = [1, 2, 3, 4]
            words[word] = UInt64(number)
            return Bytes32(words: (words[0], words[1], words[2], words[3])).hashValue
        }
        #expect(Set(hashes).count == hashes.count)
    }
}
