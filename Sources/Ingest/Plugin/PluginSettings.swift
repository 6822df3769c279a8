// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How a policy plugin is run.
public struct PluginSettings: Hashable, Sendable {
    /// Run by `/bin/sh -c`; nobody is asked while it is empty.
    public var command: String
    /// Copies of it that run side by side.
    public var processes = 2
    /// How long one answer may take.
    public var timeout = Duration.seconds(10)
    /// What becomes of events and requests when it gives no answer.
    public var onFailure = OnFailure.closed
    /// Whether it is asked about requests, too: plugins written for strfry do not know such questions.
    public var reads = false

    /// What becomes of what nobody gave an opinion of.
    public enum OnFailure: String, Hashable, Sendable, CaseIterable {
        /// It is refused, `error:`; its sender may try again.
        case closed
        /// It is accepted.
        case open
    }

    public init(command: String) { self.command = command }
}

/// Every bound of the plugin's processes.
public struct PluginLimits: Hashable, Sendable {
    /// Questions that one process has been asked and has not answered.
    public var inFlight = 32
    /// **Milliseconds** that a process may take for its first answer, where that is more than others may take: it has to start.
    public var startMilliseconds: Int64 = 10_000
    /// **Milliseconds** without an answer after which a process gets no further questions, and what it has not answered is asked of one
    /// that has nothing to do.
    public var stallMilliseconds: Int64 = 100
    /// **Bytes** that wait to be read by one process.
    public var outboundBytes = 1 << 20
    /// **Bytes** of one answer.
    public var answerBytes = 8_192
    /// The same of a plugin that is asked about requests, as its answers may hold filters.
    public var readAnswerBytes = 8 << 20
    /// What is asked about a request may have this part of it, a quarter: a plugin that repeats the filters may write them with
    /// escapes and white space.
    public var readAnswerShare = 4
    /// Questions about requests that wait for an answer; those beyond are refused at once.
    public var waitingReads = 10_000
    /// **Bytes** of these questions, likewise. One question more than this may wait.
    public var waitingReadBytes = 1 << 24
    /// One address may take this part of each of the two: a quarter.
    public var waitingReadsShare = 4
    /// How often one question is asked when processes end under it.
    public var attempts = 2
    /// **Milliseconds** between the end of a process and the next, doubled with every one that ends without an answer.
    public var backoffMilliseconds: Int64 = 100
    /// **Milliseconds** that the time between two starts grows to.
    public var longestBackoffMilliseconds: Int64 = 30_000
    /// **Milliseconds** between SIGTERM and SIGKILL.
    public var graceMilliseconds: Int64 = 1_000
    /// **Bytes** of a line that the plugin says on the side, as the log shows it.
    public var loggedBytes = 400
    /// Lines of that kind that are logged in ten seconds; others are counted.
    public var loggedLines = 20
    /// **Milliseconds** between two looks at whether the script has changed.
    public var lookMilliseconds: Int64 = 1_000

    public init() {}
}

/// Told what happens to the plugin's processes, on a thread of their own: it must only take note.
public enum PluginNews: Hashable, Sendable {
    case started(process: Int32)
    /// It could not be started; says why.
    case notStarted(String)
    /// It ended, or was ended; says why.
    case ended(process: Int32, reason: String)
    /// What it wrote to its error output, cut.
    case said(String)
    /// A line that is no answer, cut.
    case unreadable(String)
    /// Lines that were said beyond what is told.
    case leftOut(lines: Int)
}
