// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CLMDB

/// A state of the file for as long as the value lives.
struct ReadTransaction: ~Copyable, Snapshot {
    let pointer: OpaquePointer
    private let environment: Environment

    init(_ environment: Environment) throws(StoreError) {
        pointer = try environment.takeReadPointer()
        self.environment = environment
    }

    deinit { environment.giveBack(pointer) }
}

/// A transaction to read from that somebody else holds open and ends.
struct BorrowedReading: Snapshot {
    let pointer: OpaquePointer

    init(_ transaction: borrowing some Snapshot & ~Copyable) { pointer = transaction.pointer }
}
