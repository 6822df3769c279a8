// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why an import or an export cannot go on. What was done until then stays, and the same again goes on from there.
public enum ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file or directory, and the words of the system.
    case unreadable(String, String)
    case unwritable(String, String)
    /// There is nothing in it that could be imported.
    case nothing(String)
    case store(BridgeStoreError)
    case cancelled

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path) cannot be read: \(reason)"
        case .unwritable(let path, let reason): "\(path) cannot be written: \(reason)"
        case .nothing(let path): "there is nothing to import in \(path)"
        case .store(let error): error.description
        case .cancelled: "cancelled"
        }
    }
}

/// Every bound of imports and exports.
public struct ExchangeLimits: Hashable, Sendable {
    /// **Bytes** of one file, or of one document of a dump; what is longer is damaged.
    public var documentBytes = 8 << 20
    /// Posts, events or accounts of one transaction.
    public var batch = 50
    /// **Bytes** that are read of a dump at once.
    public var chunkBytes = 256 << 10
    /// Files with profiles in one directory.
    public var profiles = 200_000

    public init() {}
}
