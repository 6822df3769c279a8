// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a blob's file could not be written or read.
public enum BlobError: Error, Hashable, Sendable {
    /// The disk, or our share of it, is full. Nothing was lost: what had been written was removed.
    case diskFull
    /// The system refused something: which call, and its `errno`.
    case system(String, Int32)
    /// The file's bytes are not what its name says; it was put aside.
    case damaged
    /// There is no such file.
    case missing
}
