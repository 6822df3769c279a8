// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NostrCore

/// A policy of the program itself: a function of the request that answers at once.
public struct ImmediateReadPolicy: ReadPolicy {
    private let opinion: @Sendable (ReadRequest) -> ReadOpinion

    public init(_ opinion: @escaping @Sendable (ReadRequest) -> ReadOpinion) { self.opinion = opinion }

    public func judge(_ request: ReadRequest, reply: @escaping @Sendable (ReadOpinion) -> Void) {
        reply(opinion(request))
    }

    /// Serves whoever has shown a key, whichever it is.
    public static let authenticatedReaders = ImmediateReadPolicy { request in
        request.keys.isEmpty ? .refuse("auth-required: who reads here shows a key") : .allow
    }

    /// Serves whoever has shown one of these keys.
    public static func readers(_ readers: Set<PublicKey>) -> ImmediateReadPolicy {
        ImmediateReadPolicy { request in
            if request.keys.isEmpty { return .refuse("auth-required: only some may read here") }
            return request.keys.contains(where: readers.contains)
                ? .allow : .refuse("restricted: only some may read here")
        }
    }
}

/// Several who are asked one after the other, each about what those before it left; the first who refuses decides.
public struct ReadPolicyChain: ReadPolicy {
    private let policies: [any ReadPolicy]

    public init(_ policies: [any ReadPolicy]) { self.policies = policies }

    public func judge(_ request: ReadRequest, reply: @escaping @Sendable (ReadOpinion) -> Void) {
        ask(0, request, .allow, reply)
    }

    private func ask(
        _ index: Int, _ request: ReadRequest, _ opinion: ReadOpinion,
        _ reply: @escaping @Sendable (ReadOpinion) -> Void
    ) {
        // Of nothing nobody can leave less.
        guard index < policies.count, !request.filters.isEmpty else { return reply(opinion) }
        policies[index].judge(request) { answer in
            switch answer {
            case .allow: self.ask(index + 1, request, opinion, reply)
            case .narrow(let filters):
                guard Filter.areAll(filters, within: request.filters) else { return reply(.widened) }
                var rest = request
                rest.filters = filters
                self.ask(index + 1, rest, answer, reply)
            case .refuse: reply(answer)
            }
        }
    }
}
