// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// One batch's place in the order in which batches enter the door, though they are read side by side.
struct ImportTurn: Sendable {
    private let earlier: AsyncStream<Never>?
    private let own: (stream: AsyncStream<Never>, end: AsyncStream<Never>.Continuation)

    /// - Parameter previous: who goes first; each turn has one follower at most.
    init(after previous: ImportTurn? = nil) {
        earlier = previous?.own.stream
        let made = AsyncStream.makeStream(of: Never.self)
        own = (made.stream, made.continuation)
    }

    func waitForEarlier() async {
        guard let earlier else { return }
        for await _ in earlier {}
    }

    /// Whoever comes next may go; harmless a second time.
    func end() { own.end.finish() }
}
