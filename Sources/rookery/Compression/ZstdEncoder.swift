// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CZstd

/// Writes one frame of zstd (RFC 8878), with a checksum at its end.
final class ZstdEncoder {
    /// What `--level` takes.
    static let levels = 1...19

    private let context: OpaquePointer
    private var output = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())

    init(level: Int) {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("zstd has no memory") }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    }

    deinit { ZSTD_freeCCtx(context) }

    /// Compresses all of `bytes` and hands out what is ready; the last call ends the frame.
    func encode(_ bytes: [UInt8], isLast: Bool, _ take: ([UInt8]) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            var left = 0
            repeat {
                let made = output.withUnsafeMutableBytes { output in
                    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
                    left = ZSTD_compressStream2(
                        context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
                    precondition(ZSTD_isError(left) == 0, "zstd refuses what it is given")
                    return target.pos
                }
                if made > 0 { take(Array(output[..<made])) }
            } while source.pos < source.size || (isLast && left > 0)
        }
    }
}
