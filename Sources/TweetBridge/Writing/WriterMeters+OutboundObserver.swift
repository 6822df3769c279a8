// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import Telemetry

extension WriterMeters: OutboundObserver {
    public func processed(_ action: String) { actions[action].increment() }
    public func backsOff(milliseconds: Int64) { backoff.set(Double(milliseconds) / 1_000) }
}
