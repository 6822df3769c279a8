// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore
import RelayTransport

extension RelayServer {
    /// Stops accepting, lets events in flight be answered, closes every conversation with 1012.
    ///
    /// Takes at most ``RelayServerLimits/shutdownMilliseconds``; half of it is kept for the closing handshakes.
    public func stop() async {
        let parts = running.withLockedValue { running -> Running? in
            if running.isStopping { return nil }
            running.isStopping = true
            return running
        }
        guard let parts else { return }
        let start = NIODeadline.now()
        let budget = TimeAmount.milliseconds(configuration.serverLimits.shutdownMilliseconds)
        await parts.listener?.stopAccepting()
        await parts.metricsListener?.stopAccepting()
        await parts.fanOut?.stop(within: .nanoseconds(budget.nanoseconds / 2))
        await parts.listener?.shutdown(deadline: start + budget, code: .serviceRestart)
        await parts.metricsListener?.shutdown(deadline: start + budget, code: .serviceRestart)
        parts.fanOut?.cancel()
        await services.readers.shutdown()
        await services.parsers.shutdown()
        // A listener holds what it asks for answers, and that is this server. So does what tells how it stands.
        status.adopt(nil)
        running.withLockedValue { ($0.listener, $0.metricsListener, $0.fanOut) = (nil, nil, nil) }
    }
}
