// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What the status page tells: how everything stands at one moment. Whoever reaches the port may read all of it, so whoever
/// makes one leaves out what is not for everybody.
public struct StatusReport: Hashable, Sendable {
    public var version = ""
    /// Where clients connect, as a URL; `nil`: where the page was found.
    public var address: String?
    /// **Seconds** since 1970, as is ``at``.
    public var startedAt: Int64 = 0
    public var at: Int64 = 0
    public var health: [Part] = []
    public var figures: [Figure] = []
    public var rates: [Figure] = []
    public var queues: [Queue] = []
    /// `nil`, here and below: not for everybody, or there is no such thing.
    public var upstreams: Listing<Upstream>?
    public var repositories: Listing<Repository>?
    public var problems: Listing<Problem>?

    public init() {}

    /// How good or bad something is.
    public enum Standing: String, Hashable, Sendable {
        case good
        /// It is getting there, or works in part.
        case fair
        case bad
    }

    /// A part of the program.
    public struct Part: Hashable, Sendable {
        /// One lower-case word.
        public var name: String
        public var standing: Standing
        public var words: String

        public init(_ name: String, _ standing: Standing, _ words: String) {
            (self.name, self.standing, self.words) = (name, standing, words)
        }
    }

    /// A number with its name.
    public struct Figure: Hashable, Sendable {
        public enum Amount: Hashable, Sendable {
            case count(Int)
            case bytes(Int)
            /// Of something else, from 0 to 1.
            case share(Double)
            case perSecond(Double)
            case bytesPerSecond(Double)
            /// **Seconds**.
            case span(Int)
        }

        /// As it is called in JSON.
        public var name: String
        public var label: String
        public var amount: Amount

        public init(_ name: String, _ label: String, _ amount: Amount) {
            (self.name, self.label, self.amount) = (name, label, amount)
        }
    }

    /// Something in which work waits.
    public struct Queue: Hashable, Sendable {
        public var name: String
        public var label: String
        public var waiting: Int
        /// More are never let in.
        public var bound: Int
        public var isBytes: Bool

        public init(_ name: String, _ label: String, _ waiting: Int, of bound: Int, isBytes: Bool = false) {
            (self.name, self.label) = (name, label)
            (self.waiting, self.bound, self.isBytes) = (waiting, bound, isBytes)
        }
    }

    /// The first of many.
    public struct Listing<Item: Hashable & Sendable>: Hashable, Sendable {
        public var items: [Item]
        public var total: Int

        public init(_ items: [Item], of total: Int? = nil) {
            (self.items, self.total) = (items, max(items.count, total ?? 0))
        }

        /// How many are not listed.
        public var more: Int { total - items.count }
    }

    /// A relay that is gathered from.
    public struct Upstream: Hashable, Sendable {
        /// Its URL; `nil` for one that is nobody's business.
        public var url: String?
        public var standing: Standing
        /// What it is doing and what is thought of it, in a word or two.
        public var state: String
        /// Items that are complete, and all that are wanted of it.
        public var complete = 0
        public var wanted = 0
        public var repositories = 0
        /// **Seconds** since anything was heard; `nil`: not connected.
        public var heardAgo: Int?
        /// **Seconds** that what was complete is behind; `nil`: it never was complete.
        public var behind: Int?
        public var failedAttempts = 0
        public var next = ""

        public init(url: String?, standing: Standing, state: String) {
            (self.url, self.standing, self.state) = (url, standing, state)
        }
    }

    /// A repository that is followed.
    public struct Repository: Hashable, Sendable {
        /// As its owner calls it.
        public var name: String
        public var identifier: String
        /// The owner's key, as npub.
        public var owner: String
        public var relays: [String]
        /// Patches, pull requests and issues.
        public var roots: Int

        public init(name: String, identifier: String, owner: String, relays: [String], roots: Int) {
            (self.name, self.identifier, self.owner) = (name, identifier, owner)
            (self.relays, self.roots) = (relays, roots)
        }
    }

    /// Something that went wrong, however often.
    public struct Problem: Hashable, Sendable {
        /// The part of the program that says so.
        public var source: String
        public var isError: Bool
        /// The program's own words.
        public var words: String
        public var count: Int
        /// **Seconds** since 1970.
        public var last: Int64

        public init(source: String, isError: Bool, words: String, count: Int, last: Int64) {
            (self.source, self.isError, self.words) = (source, isError, words)
            (self.count, self.last) = (count, last)
        }
    }
}
