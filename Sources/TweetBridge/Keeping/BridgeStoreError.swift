// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Why something could not be read or written. Nothing of it was written.
public enum BridgeStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The door is full, or others kept changing the same rows: to be tried again.
    case busy
    /// Somebody was faster: what was to be changed is not as it was. Says which.
    case conflict(String)
    /// There is no such thing. Says which.
    case missing(String)
    /// It may not be done. Says why.
    case refused(String)
    /// More than one submission holds, or than is kept at all.
    case tooMuch(String)
    /// A row that this version cannot read.
    case unreadable(String)
    /// The store failed; says how.
    case failed(String)

    public var description: String {
        switch self {
        case .busy: "busy, try again later"
        case .conflict(let what): "\(what) has changed meanwhile"
        case .missing(let what): "there is no \(what)"
        case .refused(let why), .failed(let why): why
        case .tooMuch(let what): "too much: \(what)"
        case .unreadable(let what): "a row that this version cannot read: \(what)"
        }
    }
}

/// Every bound of what the bridge keeps.
public struct BridgeStoreLimits: Hashable, Sendable {
    /// Rows that one submission writes or depends on; under `IngestLimits.submissionRows`.
    public var rows = 9_500
    /// Events of one submission.
    public var events = 500
    /// How often a change is worked out anew because somebody was faster.
    public var attempts = 32
    /// Rows of one reading.
    public var page = 1_000
    /// **Bytes** of what X sent about one post; more is not kept.
    public var rawBytes = 256 << 10
    /// **Bytes** of a row's JSON.
    public var rowBytes = 1 << 20
    /// Further relays, over all time.
    public var relays = 1_000
    /// Earlier profiles of one account.
    public var profiles = 1_000
    /// **Bytes** of a job's payload.
    public var payloadBytes = 64 << 10
    /// **Bytes** of a remembered value.
    public var valueBytes = 4 << 10

    public init() {}
}
