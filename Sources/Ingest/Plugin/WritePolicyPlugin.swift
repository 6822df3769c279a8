// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NIOConcurrencyHelpers
import NostrCore

/// The operator's script that is asked about every new event of clients and upstreams, in strfry's words: a line of JSON for each question on
/// its standard input, a line for each answer on its standard output.
///
/// Several processes run side by side, each with several questions at a time; answers are matched by id.
public final class WritePolicyPlugin: EventConsultant {
    let inbox: PluginInbox
    let settings: NIOLockedValueBox<PluginSettings>
    let limits: PluginLimits
    let waitingReads = NIOLockedValueBox(WaitingReads())
    private let threads = ThreadGroup()

    /// Starts nothing yet: processes start when there is something to ask.
    ///
    /// - Parameter news: called on a thread of the plugin's own; it must only take note.
    public init(
        _ settings: PluginSettings, limits: PluginLimits = PluginLimits(),
        news: @escaping @Sendable (PluginNews) -> Void = { _ in }
    ) throws {
        inbox = try PluginInbox()
        self.settings = NIOLockedValueBox(settings)
        self.limits = limits
        // A script that does not read is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        let inbox = inbox
        threads.start {
            PluginLoop(inbox, settings, limits, PluginVoice(lines: limits.loggedLines, news)).run()
        }
    }

    deinit { inbox.put { $0.isClosed = true } }

    /// Runs it as these say from now on.
    public func adopt(_ settings: PluginSettings) {
        self.settings.withLockedValue { $0 = settings }
        inbox.put { $0.settings = settings }
    }

    /// Everything that was asked, or will be, is answered within this time, if only with no opinion.
    public func hurry(within time: Duration) { inbox.put { $0.hurry = time } }

    /// Answers what was asked, then ends every process.
    public func shutdown() async {
        inbox.put { $0.isClosed = true }
        await threads.wait()
    }

    /// Clients, upstreams and streams; what the operator imports or bridges is the operator's choice.
    public func concerns(_ source: IngestSource) -> Bool {
        switch source {
        case .client, .upstream, .stream: settings.withLockedValue { !$0.command.isEmpty }
        case .importer, .bridge, .operator: false
        }
    }

    public func consult(_ question: Consultation, reply: @escaping @Sendable ([Opinion]) -> Void) {
        let isOpen = settings.withLockedValue(\.onFailure) == .open
        let answers = GatheredOpinions(question.events.count, reply)
        let items = question.events.enumerated().map { index, event in
            PluginItem(id: event.id.hex) {
                PluginWords.line(asking: event, from: question.source, receivedAt: question.receivedAt)
            } finish: { answer in
                answers.put(Opinion(answer, isOpen: isOpen), at: index)
            }
        }
        if !inbox.put({ $0.items += items }) { for item in items { item.answer(nil) } }
    }
}

extension Opinion {
    init(_ answer: PluginAnswer?, isOpen: Bool) {
        switch answer?.action {
        case .accept: self = .accept
        case .reject: self = .reject(answer?.message ?? "")
        case .shadowReject: self = .shadowReject
        case nil: self = isOpen ? .accept : .unavailable("the policy plugin gave no answer")
        }
    }
}

/// Opinions as they come, until all are there. Touched by the plugin's thread alone; that is what makes it safe to hand over.
private final class GatheredOpinions: @unchecked Sendable {
    private var opinions: [Opinion]
    private var missing: Int
    private let reply: @Sendable ([Opinion]) -> Void

    init(_ count: Int, _ reply: @escaping @Sendable ([Opinion]) -> Void) {
        opinions = Array(repeating: .accept, count: count)
        missing = count
        self.reply = reply
    }

    func put(_ opinion: Opinion, at index: Int) {
        opinions[index] = opinion
        missing -= 1
        if missing == 0 { reply(opinions) }
    }
}
