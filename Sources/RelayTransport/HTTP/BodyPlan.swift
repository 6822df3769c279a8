// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// What becomes of the body that a request's head announces.
public enum BodyPlan: Sendable {
    /// Collected whole within ``TransportLimits/maxBodyLength``; then the request is answered as one without a body is.
    case collected
    /// The same within a bound of its own, in **bytes**.
    case collectedUpTo(Int)
    /// Handed over as it arrives, up to so many **bytes**; the closure answers, and may do so before the body has ended: the
    /// rest is dropped and the connection closed then. A client that waits for it is told to go on (`100 Continue`) when
    /// the first piece is asked for.
    case streamed(upTo: Int, @Sendable (HTTPRequest, BodyStream) async -> HTTPResponse)
    /// Not wanted: this is answered at once.
    case refused(HTTPResponse)
}
