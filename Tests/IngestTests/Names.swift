// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

/// Swift Testing has a `Tag` of its own; in these tests the word means Nostr's.
typealias Tag = NostrCore.Tag
