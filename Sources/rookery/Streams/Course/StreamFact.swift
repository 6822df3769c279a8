// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What happens in a conversation of a stream, for logs, metrics and whoever asks.
enum StreamFact: Hashable, Sendable {
    case opened
    case ended(String, retryIn: Duration)
    /// Whether the relay took our key (NIP-42).
    case keyShown(taken: Bool, String)
    /// The relay ended the live subscription.
    case liveEnded(String)
    case filled(StreamFilling, SyncTally)
    /// What the relay lacks cannot be found out; says why.
    case cannotReconcile(String)
    /// Events were committed here that the relay is not sent: our feed does not reach back to them.
    case missed
    case arrived(StreamArrival, Int)
    /// Our own door does not take some of what came; why, of the first.
    case notTaken(String)
    /// With the relay's words where it refused.
    case answered(StreamAnswer, String)
    /// The relay wants us to go slower, or refuses everything.
    case rests
}
