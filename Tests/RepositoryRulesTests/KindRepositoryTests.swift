// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import RepositoryRules
import Testing

@Suite struct KindRepositoryTests {
    @Test func `patches, pull requests and issues are roots and their updates are not`() {
        #expect(Kind.repositoryRoots.allSatisfy { $0.isRepositoryRoot })
        #expect(Kind.repositoryRoots == [1617, 1618, 1621])
        for kind: Kind in [1619, 1622, 1111, 1630, 30617, 30618] { #expect(!kind.isRepositoryRoot) }
    }

    @Test func `what anyone may leave here vouches for nothing`() {
        for kind: Kind in [5, 62, 10002, 10050, 10317] { #expect(!kind.isAnchor) }
        for kind: Kind in [0, 1, 3, 1111, 1617, 30617, 30618] { #expect(kind.isAnchor) }
    }

    @Test func `the list of kinds that say what a repository holds is the rule`() {
        let all = (0...UInt16.max).map { Kind($0) }
        #expect(all.filter(\.isRepositoryData) == Kind.repositoryData)
    }
}
