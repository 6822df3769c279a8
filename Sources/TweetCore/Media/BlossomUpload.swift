// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How one blob comes to one Blossom server: what is asked of it next, and what its answers mean.
///
/// A server that may copy it from another (BUD-04) is asked to do so first. Where that fails the blob is sent, and what
/// the server says of it must fit. `/media` is never asked: it may change the bytes.
/// ```
///   mirror ──refused, 502, another blob──▶ put ──▶ done
///     │ 401: once with the other spelling     │ 401: likewise
///     └──▶ done                               └──▶ failed
/// ```
public struct BlossomUpload: Hashable, Sendable {
    /// What to ask the server.
    public enum Step: Hashable, Sendable {
        /// `PUT /mirror` with this URL.
        case mirror(String)
        /// `PUT /upload` with the file.
        case put
    }

    /// What the server answered.
    public enum Answer: Hashable, Sendable {
        /// A success, and its descriptor if it could be read.
        case done(BlobDescriptor?)
        case status(Int)
        /// None, or not in time.
        case none
    }

    public enum Outcome: Hashable, Sendable {
        case ask(Step)
        /// The server has it, under this URL.
        case stored(BlobDescriptor)
        case failed(Failure)
    }

    /// Why a server does not have it.
    public enum Failure: String, Hashable, Sendable, Codable {
        /// It does not take our key's word, however it is spelled.
        case unauthorized
        /// 402: it wants money, which it does not get.
        case payment
        case forbidden
        /// It is too long, or of a kind that the server does not take.
        case tooLong, wrongType
        /// 409, or a descriptor that tells of other bytes, or none.
        case wrongBlob
        /// 429.
        case limited
        /// 5xx, or no answer.
        case unreachable
        case refused

        /// Whether trying again later may help.
        public var isTransient: Bool { self == .limited || self == .unreachable || self == .wrongBlob }
    }

    public private(set) var step: Step
    /// How to spell the token.
    public private(set) var spelling: Base64
    private let file: MediaFile
    private var triedOther = false

    /// - Parameters:
    ///   - source: where another server has it.
    ///   - spelling: what this server took the last time.
    public init(_ file: MediaFile, from source: String?, spelling: Base64) {
        self.file = file
        self.spelling = spelling
        step = source.map(Step.mirror) ?? .put
    }

    /// What comes of an answer to ``step``.
    public mutating func take(_ answer: Answer) -> Outcome {
        switch answer {
        case .done(let descriptor?) where descriptor.tells(of: file): return .stored(descriptor)
        case .done: return fallBack(or: .wrongBlob)
        case .none, .status(503): return .failed(.unreachable)
        case .status(401) where !triedOther:
            triedOther = true
            spelling = spelling.other
            return .ask(step)
        case .status(401): return .failed(.unauthorized)
        case .status(402): return .failed(.payment)
        case .status(413): return .failed(.tooLong)
        case .status(415): return .failed(.wrongType)
        case .status(429): return .failed(.limited)
        case .status(403): return fallBack(or: .forbidden)
        case .status(409): return fallBack(or: .wrongBlob)
        case .status(500...): return fallBack(or: .unreachable)
        case .status: return fallBack(or: .refused)
        }
    }

    private mutating func fallBack(or failure: Failure) -> Outcome {
        guard case .mirror = step else { return .failed(failure) }
        step = .put
        return .ask(.put)
    }
}
