// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOConcurrencyHelpers
import NIOCore

/// What the relay says about itself at the moment, ready to be sent; whoever changes something changes it here.
final class InformationBoard: Sendable {
    private struct State {
        var document: InformationDocument
        var json: ByteBuffer
    }

    private let state: NIOLockedValueBox<State>

    init(_ document: InformationDocument) {
        state = NIOLockedValueBox(State(document: document, json: ByteBuffer(bytes: document.json)))
    }

    var information: RelayInformation { state.withLockedValue(\.document.information) }
    /// NIP-11.
    var json: ByteBuffer { state.withLockedValue(\.json) }

    /// Readers see the change as a whole, or not yet.
    func change(_ body: (inout InformationDocument) -> Void) {
        state.withLockedValue { state in
            body(&state.document)
            state.json = ByteBuffer(bytes: state.document.json)
        }
    }
}
