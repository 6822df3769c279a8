// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Turns compressed bytes into plain ones, a bounded piece at a time.
protocol ByteDecoder: AnyObject {
    /// Whether what was taken so far ends where the compressed text may end.
    var isAtEnd: Bool { get }
    /// Takes some of `input` and fills some of `output`; when it does neither, it needs more input.
    func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> ByteStep
}

/// How far a decoder came.
struct ByteStep: Hashable {
    /// **Bytes** of the input.
    var taken: Int
    /// **Bytes** of the output.
    var made: Int
    /// Why it cannot go on.
    var problem: String?
}

/// How a file is compressed, told by its first bytes.
enum CompressionFormat: Hashable {
    case none, zstd, gzip

    /// So many bytes are looked at.
    static let magicBytes = 4

    init(of bytes: some Collection<UInt8>) {
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else if bytes.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else {
            self = .none
        }
    }

    func makeDecoder() -> (any ByteDecoder)? {
        switch self {
        case .none: nil
        case .zstd: ZstdDecoder()
        case .gzip: GzipDecoder()
        }
    }
}
