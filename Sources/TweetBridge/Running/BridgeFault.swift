// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Why something that an operator asked of the bridge was not done.
public enum BridgeFault: Error, Hashable, Sendable, CustomStringConvertible {
    case unanswered(XFailure)
    case unkept(BridgeStoreError)

    public var description: String {
        switch self {
        case .unanswered(let failure): "X gives no answer: \(failure.label)"
        case .unkept(let error): "\(error)"
        }
    }
}
