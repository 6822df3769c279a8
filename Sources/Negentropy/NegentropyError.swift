// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why a message cannot be taken. The conversation is over.
public enum NegentropyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It ends in the middle of something.
    case truncated
    /// A number of more than 64 bits, or written with leading zeros.
    case number
    /// An id's first bytes are more than 32.
    case prefixLength(UInt64)
    /// A bound lies before the one that came before it.
    case backwards
    case mode(UInt64)
    /// The first byte names no version.
    case notNegentropy
    /// The other side speaks this version alone.
    case version(UInt8)
    /// The client got no further in as many rounds as an honest relay could need.
    case endless

    public var description: String {
        switch self {
        case .truncated: "the message is cut off"
        case .number: "a number is out of range"
        case .prefixLength(let length): "an id prefix of \(length) bytes"
        case .backwards: "bounds go backwards"
        case .mode(let mode): "unknown mode \(mode)"
        case .notNegentropy: "not a negentropy message"
        case .version(let byte): "unsupported version 0x\(String(byte, radix: 16))"
        case .endless: "no end after too many rounds"
        }
    }
}

/// What ends a reconciliation.
public enum ReconciliationError<Failure: Error>: Error {
    case message(NegentropyError)
    /// The storage could not be read.
    case storage(Failure)
}
