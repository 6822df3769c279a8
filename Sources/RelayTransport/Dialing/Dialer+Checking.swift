// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore

extension Dialer {
    /// The addresses of a host that may be connected to, for who connects by other means: to one of these, not to the name,
    /// which the resolver may answer otherwise the next time.
    ///
    /// - Parameter host: a name or an address without brackets.
    public func addresses(
        of host: String, port: Int, trust: DialTrust
    ) async throws(DialError) -> [SocketAddress] {
        let addressGuard = AddressGuard(trust: trust, options: options)
        if let refusal = addressGuard.refusal(of: host) { throw .refused(refusal) }
        let eventLoop = group.next()
        let found = eventLoop.makePromise(of: [SocketAddress].self)
        let tooLate = eventLoop.scheduleTask(in: options.resolveTimeout) { [resolver] in
            found.fail(resolver.delay(of: host, port: port))
        }
        resolver.addresses(of: host, port: port, on: eventLoop).whenComplete { result in
            tooLate.cancel()
            found.completeWith(result)
        }
        let addresses: [SocketAddress]
        do { addresses = try await found.futureResult.get() } catch {
            throw error as? DialError ?? .dns("\(error)")
        }
        return Array(try addressGuard.allowed(addresses).prefix(options.maxAddresses))
    }
}
