// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CZstd

/// Reads zstd (RFC 8878), any number of frames one after the other.
final class ZstdDecoder: ByteDecoder {
    private let context: OpaquePointer
    private(set) var isAtEnd = true

    init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("zstd has no memory") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> ByteStep {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let left = ZSTD_decompressStream(context, &target, &source)
        guard ZSTD_isError(left) == 0 else {
            let reason = String(cString: ZSTD_getErrorName(left))
            return ByteStep(taken: 0, made: 0, problem: "not readable as zstd: \(reason)")
        }
        if source.pos > 0 || target.pos > 0 { isAtEnd = left == 0 }
        return ByteStep(taken: source.pos, made: target.pos)
    }
}
