// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Told what happens between us and X: it must only count.
public protocol XObserver: Sendable {
    /// A request ended. `milliseconds` from the first byte sent to the last read.
    ///
    /// - Parameters:
    ///   - result: `answered`, or ``XFailure/label``.
    ///   - requestID: X's own, for its support.
    func requested(
        _ route: XRoute, with asker: Asker, result: String, milliseconds: Int64, requestID: String?)
    /// The client waits before it asks again.
    func waits(_ route: XRoute, milliseconds: Int64, after result: String)
    /// The ledger was charged, in **micro-dollars**.
    func spent(_ amount: Int64, today: Int64, for purpose: SpendPurpose)
    func renewed(_ asker: Asker)
    /// X took the words of the request no more.
    func changed(to vocabulary: Vocabulary)
    func streaming(_ isConnected: Bool)
}

/// Counts nothing.
public struct SilentXObserver: XObserver {
    public init() {}
    public func requested(
        _ route: XRoute, with asker: Asker, result: String, milliseconds: Int64, requestID: String?
    ) {}
    public func waits(_ route: XRoute, milliseconds: Int64, after result: String) {}
    public func spent(_ amount: Int64, today: Int64, for purpose: SpendPurpose) {}
    public func renewed(_ asker: Asker) {}
    public func changed(to vocabulary: Vocabulary) {}
    public func streaming(_ isConnected: Bool) {}
}

/// Keeps the ledger over restarts.
public protocol SpendKeeping: Sendable {
    /// Returns when the changes are kept: all of them, or none.
    func keep(_ changes: SpendChanges) async throws
}

/// Forgets the ledger with the process.
public struct ForgetfulKeeper: SpendKeeping {
    public init() {}
    public func keep(_ changes: SpendChanges) async throws {}
}
