// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What waits to be told to the planner: every answer, and of hints what they come to together.
///
/// Nothing is ever left out, and it cannot grow: there are no more answers than questions under way, and many hints of
/// one kind are one.
public struct PlannerInbox: Hashable, Sendable {
    /// Accounts that somebody wants to be read; with more of them, everything is read.
    public static let askedMax = 4_096

    private var answers: [BridgeInput] = []
    /// The latest of each.
    private var accounts: [WatchedAccount]?
    private var unresolved: [Handle]?
    private var chosen: [ChoiceKind: [PostID]] = [:]
    private var stream: Bool?
    /// Whether the stream was gone for a moment, whatever it is now.
    private var wasDisconnected = false
    private var asked: Set<UserID> = []
    private var asksAll = false
    private var isRenewed = false
    private var profilesAreDue = false
    private var isDue = false

    public init() {}

    public mutating func add(_ input: BridgeInput) {
        switch input {
        case .kept, .failed, .notKept: answers.append(input)
        case .accounts(let watched): accounts = watched
        case .unresolved(let handles): unresolved = handles
        case .chosen(let kind, let posts): chosen[kind] = posts
        case .stream(let isConnected):
            stream = isConnected
            wasDisconnected = wasDisconnected || !isConnected
        case .asked(let id):
            asked.insert(id)
            if asked.count > Self.askedMax { (asked, asksAll) = ([], true) }
        case .askedAll: asksAll = true
        case .credentialRenewed: isRenewed = true
        case .profilesDue: profilesAreDue = true
        case .tick: isDue = true
        }
    }

    /// Everything that waits: answers first, as others wait for their places.
    public mutating func takeAll() -> [BridgeInput] {
        var inputs = answers
        if let accounts { inputs.append(.accounts(accounts)) }
        if let unresolved { inputs.append(.unresolved(unresolved)) }
        for kind in ChoiceKind.allCases {
            if let posts = chosen[kind] { inputs.append(.chosen(kind, posts)) }
        }
        if wasDisconnected { inputs.append(.stream(isConnected: false)) }
        if stream == true { inputs.append(.stream(isConnected: true)) }
        if isRenewed { inputs.append(.credentialRenewed) }
        if asksAll { inputs.append(.askedAll) } else { inputs += asked.sorted().map { .asked($0) } }
        if profilesAreDue { inputs.append(.profilesDue) }
        if isDue { inputs.append(.tick) }
        self = PlannerInbox()
        return inputs
    }
}
