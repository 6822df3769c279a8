// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Every bound of one conversation of a stream; ``StreamConfigLimits`` says how many there may be.
struct StreamLimits: Hashable, Sendable {
    /// Ids that wait to be sent; what a back-fill finds beyond is found by the next one.
    var waiting = 100_000
    /// The feed is read on once fewer wait.
    var waitingForMore = 2_000
    /// Events sent and not answered.
    var unanswered = 256
    /// **Bytes** of them; one event more than this may be on its way.
    var unansweredBytes = 2 << 20
    /// **Bytes** of events that our own door has not judged; beyond, nothing is read from the socket.
    var unjudgedBytes = 4 << 20
    /// Ids that came from the relay, or that it refused, and that are remembered: they are never sent to it.
    var settled = 32_768
    /// Ids that our own door refused and that are remembered: a back-fill does not ask for them again.
    var unwanted = 65_536
    /// Events that were not asked for, and messages that nobody can read; then the conversation is ended.
    var strays = 1_000
    /// How often the relay may end the live subscription; then the conversation is ended.
    var liveLosses = 5
    /// How often a back-fill may fail in a row; then the conversation is ended.
    var failedFillings = 3
    /// Refusals in a row after which the relay is given a rest.
    var refusalsInARow = 100
    /// The first rest; each in a row is twice as long as the one before.
    var rest = Duration.seconds(1)
    var restMost = Duration.seconds(600)
    /// How long the relay may take to answer anything.
    var answer = Duration.seconds(30)
    /// A conversation that lasted so long was no failure.
    var settles = Duration.seconds(30)
    /// How long after a back-fill a relay that reconciles is compared again: it may have told us less than it stored.
    var compares = Duration.seconds(3_600)
    /// How long a new event is held back that the relay may be about to send us itself.
    var linger = Duration.milliseconds(50)
    /// How often the clock is looked at while a back-fill is under way.
    var tick = Duration.milliseconds(250)
    /// After an absence up to this long, pages are read from a little before its beginning on; else all of them.
    var resumeWindow = Duration.seconds(900)
    /// How far before: clocks differ, and events are late. Live subscriptions that cannot do without stored events ask
    /// for as much.
    var overlap = Duration.seconds(900)
    /// **Bytes** of a challenge that is signed (NIP-42).
    var challengeLength = 1_024

    init() {}
}
