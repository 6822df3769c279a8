// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Something that goes wrong with an answer.
public struct XFault: Hashable, Sendable {
    /// What goes wrong.
    ///
    /// The first group takes the place of the answer: the request is not performed and not billed. The second damages
    /// an answer on its way: X has done its work and bills it.
    public enum Effect: Hashable, Sendable {
        /// A problem of this status: 500, 502, 503, 504, 401, 403, 404, …
        case status(Int)
        /// A page of a proxy, with this status.
        case html(Int)
        /// Plain text, with this status.
        case plain(Int, String)
        case rateLimited
        case usageCapped
        case creditsDepleted
        /// 403 with this reason: `official-client-forbidden`, `client-not-enrolled`.
        case clientForbidden(String)
        /// 200 with this text, which says that it is JSON.
        case json(String)
        /// 302 to this address.
        case redirect(String)
        /// The connection is reset at once.
        case refuse
        /// No answer at all, until the other side has enough.
        case hang

        /// Only the delay.
        case none
        /// A connection reset after so many bytes of the body.
        case reset(after: Int)
        /// The connection ends after so many bytes, though more were promised.
        case truncate(to: Int)
        /// The body comes a byte at a time, with so much real time between two.
        case drip(every: Duration)
        /// JSON that ends in the middle, with a length that is right.
        case invalidJSON
        /// A body of no bytes.
        case empty
        case gzip
        /// It says gzip and is none.
        case brokenGzip
        case contentType(String)
        /// `Range` is not heeded.
        case wholeFile
    }

    public var effect: Effect
    /// What the path begins with, `/2/users/` for instance; empty: every request but those of `/admin`.
    public var path: String
    /// `GET`, `POST`, …; nil: any.
    public var method: String?
    /// Requests that fit and are let pass first.
    public var skipping: Int
    /// How often it happens; nil: always.
    public var times: Int?
    /// How probable it is each time, 0 to 1.
    public var chance: Double
    /// Real time before the answer.
    public var delay: Duration

    public init(
        _ effect: Effect, path: String = "", method: String? = nil, skipping: Int = 0, times: Int? = 1,
        chance: Double = 1, delay: Duration = .zero
    ) {
        self.effect = effect
        self.path = path
        self.method = method
        self.skipping = skipping
        self.times = times
        self.chance = chance
        self.delay = delay
    }
}

/// Faults to come. The first that fits a request happens to it.
public struct FaultScript: Sendable {
    public private(set) var faults: [XFault] = []
    /// How many have happened.
    public private(set) var happened = 0

    /// - Throws: ``XRefusal/full``
    mutating func add(_ fault: XFault, bound: Int) throws(XRefusal) {
        guard faults.count < bound else { throw .full }
        faults.append(fault)
    }

    public mutating func clear() { faults = [] }

    /// The fault that happens to a request, if any; it is used up by that.
    mutating func take(_ method: String, _ path: String, using chance: inout SplitMix64) -> XFault? {
        guard !faults.isEmpty, !path.hasPrefix("/admin") else { return nil }
        for place in faults.indices {
            let fault = faults[place]
            guard path.hasPrefix(fault.path), fault.method == nil || fault.method == method else { continue }
            if fault.skipping > 0 {
                faults[place].skipping -= 1
                continue
            }
            if fault.chance < 1, Double.random(in: 0..<1, using: &chance) >= fault.chance { continue }
            if let times = fault.times {
                if times <= 1 { faults.remove(at: place) } else { faults[place].times = times - 1 }
            }
            happened += 1
            return fault
        }
        return nil
    }
}

extension XWorld {
    /// Puts a fault at the end of the script.
    public mutating func add(_ fault: XFault) throws(XRefusal) {
        try faults.add(fault, bound: limits.faults)
    }

    public mutating func clearFaults() { faults.clear() }

    public mutating func clearRequests() { requests.clear() }
}
