// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Whether somebody is being asked about a request, one at a time. Behind a pointer: hardly any conversation has one.
indirect enum Inquiry: Sendable {
    /// Nobody is asked anything. → `open`
    case none
    /// → `none`, `withdrawn`
    case open(ScanNumber, Backlog.Entry)
    /// The client has ended its request meanwhile: the answer changes nothing. → `none`
    case withdrawn(ScanNumber)

    var isOpen: Bool { if case .none = self { false } else { true } }
}
