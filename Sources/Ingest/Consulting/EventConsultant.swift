// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// Somebody who is asked about events before they are stored: a plugin, or a program that embeds this one.
///
/// Asked about what is new, true and acceptable by itself. An answer may take its time: nobody else waits for it, and what one
/// source sends is stored in its order all the same.
public protocol EventConsultant: Sendable {
    /// Whether events of this source are its business.
    func concerns(_ source: IngestSource) -> Bool

    /// Returns at once; `reply` is called exactly once, on any thread, with an opinion an event, in their order.
    func consult(_ question: Consultation, reply: @escaping @Sendable ([Opinion]) -> Void)
}

/// Events of one source that somebody is asked about.
public struct Consultation: Sendable {
    public var events: [Event]
    public var source: IngestSource
    public var receivedAt: Timestamp

    public init(events: [Event], source: IngestSource, receivedAt: Timestamp) {
        self.events = events
        self.source = source
        self.receivedAt = receivedAt
    }
}

/// What somebody who was asked thinks of an event.
public enum Opinion: Hashable, Sendable {
    case accept
    /// With the text of the `OK`; one without a word that NIP-01 knows is told as `blocked:`.
    case reject(String)
    /// Its sender is told that it was stored. It is neither stored nor handed on.
    case shadowReject
    /// There is none at this moment; says why. The sender may try again.
    case unavailable(String)

    /// What becomes of the event; `nil` when it goes on.
    var verdict: Verdict? {
        switch self {
        case .accept: nil
        case .reject(let text): .rejected(.rule(Self.told(text)))
        case .shadowReject: .shadowed
        case .unavailable(let reason): .failed(reason)
        }
    }

    /// What NIP-01 and NIP-42 let an `OK` begin with.
    private static let words: Set<Substring> = [
        "duplicate", "pow", "blocked", "rate-limited", "invalid", "restricted", "mute", "error",
        "auth-required", "unsupported",
    ]
    /// **Characters** of a text that are told.
    private static let longest = 1_000

    static func told(_ text: String) -> String {
        let text = String(text.prefix(longest))
        if text.isEmpty { return "blocked: not accepted here" }
        let colon = text.firstIndex(of: ":")
        if let colon, words.contains(text[..<colon]) { return text }
        return "blocked: \(text)"
    }
}

/// A policy of the program itself: a function of the event that answers at once.
public struct ImmediateConsultant: EventConsultant {
    private let concern: @Sendable (IngestSource) -> Bool
    private let opinion: @Sendable (Event, IngestSource) -> Opinion

    public init(
        concerns: @escaping @Sendable (IngestSource) -> Bool = { _ in true },
        _ opinion: @escaping @Sendable (Event, IngestSource) -> Opinion
    ) {
        concern = concerns
        self.opinion = opinion
    }

    public func concerns(_ source: IngestSource) -> Bool { concern(source) }

    public func consult(_ question: Consultation, reply: @escaping @Sendable ([Opinion]) -> Void) {
        reply(question.events.map { opinion($0, question.source) })
    }
}

/// Several who are asked one after the other; the first who does not accept decides.
public struct ConsultantChain: EventConsultant {
    private let consultants: [any EventConsultant]

    public init(_ consultants: [any EventConsultant]) { self.consultants = consultants }

    public func concerns(_ source: IngestSource) -> Bool { consultants.contains { $0.concerns(source) } }

    public func consult(_ question: Consultation, reply: @escaping @Sendable ([Opinion]) -> Void) {
        ask(0, question, question.events.map { _ in .accept }, reply)
    }

    private func ask(
        _ index: Int, _ question: Consultation, _ opinions: [Opinion],
        _ reply: @escaping @Sendable ([Opinion]) -> Void
    ) {
        guard index < consultants.count else { return reply(opinions) }
        let consultant = consultants[index]
        let open = opinions.indices.filter { opinions[$0] == .accept }
        guard !open.isEmpty, consultant.concerns(question.source) else {
            return ask(index + 1, question, opinions, reply)
        }
        var rest = question
        rest.events = open.map { question.events[$0] }
        consultant.consult(rest) { answers in
            var opinions = opinions
            for (place, answer) in zip(open, answers) { opinions[place] = answer }
            self.ask(index + 1, question, opinions, reply)
        }
    }
}
