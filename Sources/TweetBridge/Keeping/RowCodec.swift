// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CZstd
import Foundation

/// How values of rows are written: a byte that says how, then JSON with sorted keys, or bytes.
///
/// ```
/// 1 ‖ JSON        2 ‖ zstd(JSON)        3 ‖ zstd(bytes)        4 ‖ bytes
/// ```
enum RowCodec {
    /// Longer JSON is compressed.
    private static let plainBytes = 512
    /// **Bytes** that a compressed value may stand for.
    private static let mostBytes = 16 << 20

    static func encode(_ value: some Encodable) throws(BridgeStoreError) -> [UInt8] {
        let json = try json(value)
        return json.count > plainBytes ? [2] + compress(json) : [1] + json
    }

    /// With sorted keys: the same value gives the same bytes.
    static func json(_ value: some Encodable) throws(BridgeStoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return Array(try encoder.encode(value)) } catch {
            throw .failed("a row could not be written")
        }
    }

    static func decode<Value: Decodable>(_ row: [UInt8], as: Value.Type) throws(BridgeStoreError) -> Value {
        let json: [UInt8]?
        switch row.first {
        case 1: json = Array(row.dropFirst())
        case 2: json = decompress(Array(row.dropFirst()))
        default: json = nil
        }
        guard let json else { throw .unreadable("\(Value.self), form \(row.first ?? 0)") }
        do { return try JSONDecoder().decode(Value.self, from: Data(json)) } catch {
            // Not what stands there: it may be anything.
            throw .unreadable("\(Value.self)")
        }
    }

    static func encode(bytes: [UInt8], compressing: Bool) -> [UInt8] {
        compressing ? [3] + compress(bytes) : [4] + bytes
    }

    static func bytes(of row: [UInt8]) throws(BridgeStoreError) -> [UInt8] {
        switch row.first {
        case 3: if let bytes = decompress(Array(row.dropFirst())) { return bytes }
        case 4: return Array(row.dropFirst())
        default: break
        }
        throw .unreadable("bytes, form \(row.first ?? 0)")
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let most = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: most) { output, count in
            count = bytes.withUnsafeBytes {
                ZSTD_compress(output.baseAddress, most, $0.baseAddress, $0.count, 3)
            }
            precondition(ZSTD_isError(count) == 0, "there is room for the worst case")
        }
    }

    private static func decompress(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBytes { input -> [UInt8]? in
            let size = ZSTD_getFrameContentSize(input.baseAddress, input.count)
            guard size <= UInt64(mostBytes) else { return nil }
            var isGood = true
            let output = [UInt8](unsafeUninitializedCapacity: Int(size)) { output, count in
                let made = ZSTD_decompress(output.baseAddress, Int(size), input.baseAddress, input.count)
                isGood = ZSTD_isError(made) == 0 && made == Int(size)
                count = isGood ? made : 0
            }
            return isGood ? output : nil
        }
    }
}
