// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import NIOConcurrencyHelpers
public import NIOCore

/// Why a body did not come to its end.
public enum BodyError: Error, Hashable, Sendable {
    /// It is longer than the plan allows.
    case tooLong
    /// It trickles in: see ``TransportLimits/slowestBody``.
    case tooSlow
    /// The connection ended first.
    case lost
}

/// A request's body, piece by piece as it arrives, for one reader.
///
/// What nobody takes waits here. Above ``TransportLimits/waitingBodyBytes`` nothing more is read from the socket until some
/// of it was taken.
public final class BodyStream: Sendable {
    /// What the head announces, in **bytes**; `nil` for a body in chunks.
    public let length: Int?
    private let maxWaiting: Int
    private let demand: @Sendable () -> Void
    private let state = NIOLockedValueBox(State())

    fileprivate typealias Reader = CheckedContinuation<Result<ByteBuffer?, BodyError>, Never>

    fileprivate struct State {
        var pieces: Deque<ByteBuffer> = []
        /// **Bytes** of them.
        var waiting = 0
        var end: Result<ByteBuffer?, BodyError>?
        var reader: Reader?
        var wasAsked = false
        /// Whether nothing is read from the socket meanwhile.
        var isFull = false
    }

    /// - Parameters:
    ///   - maxWaiting: **bytes** above which the source is to pause.
    ///   - demand: called when a piece is asked for the first time, and when a source that paused may go on.
    init(length: Int?, maxWaiting: Int, demand: @escaping @Sendable () -> Void) {
        self.length = length
        self.maxWaiting = maxWaiting
        self.demand = demand
    }

    /// The next piece; `nil` at the end. One call at a time.
    public func next() async throws(BodyError) -> ByteBuffer? {
        let result = await withCheckedContinuation { (reader: Reader) in
            let (result, isDemanding) = state.withLockedValue { $0.take(reader, belowHalfOf: maxWaiting) }
            if isDemanding { demand() }
            if let result { reader.resume(returning: result) }
        }
        return try result.get()
    }

    /// - Returns: whether the source may go on at once.
    func add(_ piece: ByteBuffer) -> Bool {
        let (reader, goesOn) = state.withLockedValue { state -> (Reader?, Bool) in
            guard state.end == nil else { return (nil, true) }
            if let reader = state.reader {
                state.reader = nil
                return (reader, true)
            }
            state.pieces.append(piece)
            state.waiting += piece.readableBytes
            state.isFull = state.waiting > maxWaiting
            return (nil, !state.isFull)
        }
        reader?.resume(returning: .success(piece))
        return goesOn
    }

    /// Nothing comes any more.
    func end(_ error: BodyError? = nil) {
        let result = error.map { Result<ByteBuffer?, BodyError>.failure($0) } ?? .success(nil)
        let reader = state.withLockedValue { state -> Reader? in
            guard state.end == nil else { return nil }
            state.end = result
            if error != nil {
                state.pieces = []
                state.waiting = 0
            }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: result)
    }

    /// **Bytes** that wait to be taken.
    var waiting: Int { state.withLockedValue(\.waiting) }
}

extension BodyStream.State {
    /// - Returns: what the reader gets at once, and whether the source is to be told.
    fileprivate mutating func take(
        _ reader: BodyStream.Reader, belowHalfOf maxWaiting: Int
    ) -> (Result<ByteBuffer?, BodyError>?, Bool) {
        precondition(self.reader == nil, "a body has one reader")
        let isFirst = !wasAsked
        wasAsked = true
        guard let piece = pieces.popFirst() else {
            if end == nil { self.reader = reader }
            return (end, isFirst)
        }
        waiting -= piece.readableBytes
        let goesOn = isFull && waiting <= maxWaiting / 2
        if goesOn { isFull = false }
        return (.success(piece), isFirst || goesOn)
    }
}
