// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension Event {
    /// Whether the id is the hash of the event (NIP-01).
    public func hasTrueID() -> Bool { fatalError("not written yet") }

    /// Whether the author signed the id (BIP-340).
    public func hasTrueSignature(using verifier: Verifier) -> Bool { fatalError("not written yet") }
}
