// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// The calls by which blobs are written; tests put disks that fail in their place.
struct FileCalls: Sendable {
    var write: @Sendable (_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int = {
        descriptor, bytes in
        Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    }
    var sync: @Sendable (_ descriptor: Int32) -> Int32 = { Glibc.fsync($0) }
    var rename: @Sendable (_ from: String, _ to: String) -> Int32 = { Glibc.rename($0, $1) }

    static let system = FileCalls()

    static func error(_ call: String, _ code: Int32) -> BlobError {
        code == ENOSPC || code == EDQUOT || code == EFBIG ? .diskFull : .system(call, code)
    }
}
