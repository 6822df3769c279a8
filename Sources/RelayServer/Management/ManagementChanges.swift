// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Ingest

extension ManagementCall {
    /// The change that a method makes; `nil` for one that only tells.
    func change(_ method: ManagementMethod) throws(Problem) -> ModerationChange? {
        switch method {
        case .banpubkey: .banPubkey(try key(), reason: try reason())
        case .unbanpubkey: .unbanPubkey(try key())
        case .allowpubkey: .allowPubkey(try key(), reason: try reason())
        case .unallowpubkey: .unallowPubkey(try key())
        case .banevent: .banEvent(try event(), reason: try reason())
        case .unbanevent: .unbanEvent(try event())
        case .allowevent: .allowEvent(try event(), reason: try reason())
        case .unallowevent: .unallowEvent(try event())
        case .allowkind: .allowKind(try kind())
        case .disallowkind: .banKind(try kind())
        case .blockip: .blockAddress(try address(), reason: try reason())
        case .unblockip: .unblockAddress(try address())
        case .allowrepository: .allowRepository(try repository(), reason: try reason())
        case .unallowrepository: .unallowRepository(try repository())
        case .banrepository: .banRepository(try repository(), reason: try reason())
        case .unbanrepository: .unbanRepository(try repository())
        // An empty text gives the configuration its say again.
        case .changerelayname: .changeName(try line().nilWhenEmpty)
        case .changerelaydescription: .changeDescription(try line().nilWhenEmpty)
        case .changerelayicon: .changeIcon(try webURL().nilWhenEmpty)
        case .supportedmethods, .listbannedpubkeys, .listallowedpubkeys, .listeventsneedingmoderation,
            .listallowedevents, .listbannedevents, .listallowedkinds, .listdisallowedkinds, .listblockedips,
            .listbannedrepositories, .listallowedrepositories, .stats:
            nil
        }
    }
}

extension String {
    fileprivate var nilWhenEmpty: String? { isEmpty ? nil : self }
}
