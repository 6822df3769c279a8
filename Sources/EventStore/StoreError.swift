// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why the store could not do what was asked. A refused event is no error: see ``WriteOutcome``.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused a read, a write or a sync.
    case io(operation: String, code: Int32, reason: String)
    /// The map or the disk has no room left. Nothing of the transaction happened; reads go on.
    case full(operation: String, reason: String)
    /// The file is damaged, or its tables disagree.
    case corrupt(String)
    /// The file was written by another version of the store, or is none.
    case wrongFormat(String)
    /// Another process is this store's writer.
    case locked(path: String)
    /// Too many readers at one time.
    case busy(String)
    /// What is asked for has to be indexed first; it goes on in small steps.
    case unready(String)
    /// A set that was being reconciled can no longer be told, and has to be gathered anew.
    case changed
    /// The caller asked for what cannot be, such as an undeclared side table.
    case misuse(String)

    public var description: String {
        switch self {
        case .io(let operation, let code, let reason): "store: \(operation) failed: \(reason) (\(code))"
        case .full(let operation, let reason): "store: no room left: \(operation): \(reason)"
        case .corrupt(let reason): "store: damaged: \(reason)"
        case .wrongFormat(let reason): "store: \(reason)"
        case .locked(let path): "store: another process writes to \(path)"
        case .busy(let reason): "store: busy: \(reason)"
        case .unready(let reason): "store: not ready: \(reason)"
        case .changed: "store: the set has changed and has to be read anew"
        case .misuse(let reason): "store: \(reason)"
        }
    }
}
