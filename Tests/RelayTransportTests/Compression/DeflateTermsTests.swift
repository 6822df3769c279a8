// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import TestSupport
import Testing

@testable import RelayTransport

@Suite struct DeflateTermsTests {
    private static let plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"

    private func answer(_ offers: String...) -> String? {
        DeflateTerms(offeredIn: offers)?.answer
    }

    @Test(arguments: [
        "permessage-deflate", "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=10", "permessage-deflate;client_max_window_bits=\"8\"",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "  permessage-deflate ;\tclient_max_window_bits = 15  ", ", ,permessage-deflate,",
        "x-webkit-deflate-frame, permessage-deflate", "foo; bar=\"b\\az\"; baz, permessage-deflate; x=1",
    ])
    func `an offer is answered with no context kept by anybody`(offer: String) {
        #expect(answer(offer) == (offer.contains("x=1") ? nil : Self.plain))
    }

    @Test(arguments: [9, 10, 15]) func `a bound on our window is kept and said`(bits: Int) {
        let expected = "\(Self.plain); server_max_window_bits=\(bits)"
        #expect(answer("permessage-deflate; server_max_window_bits=\(bits)") == expected)
        #expect(
            answer("permessage-deflate; client_max_window_bits; server_max_window_bits=\"\(bits)\"")
                == expected)
    }

    @Test(arguments: [
        "", "permessage-deflat", "PERMESSAGE-DEFLATE", "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=8", "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=09", "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; client_max_window_bits=7", "permessage-deflate; client_max_window_bits=x",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=\"\"", "permessage-deflate; unheard_of",
        "permessage-deflate; ", "permessage-deflate; =", "permessage-deflate server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=\"9", "permessage-deflate; server_max_window_bits=\"\"",
        "permessage-deflate\u{0}", "\"permessage-deflate\"", "permessage-deflate=1",
    ])
    func `an offer that must not be accepted is passed over`(offer: String) {
        #expect(answer(offer) == nil)
    }

    @Test func `the first good offer of several is taken`() {
        #expect(
            answer(
                "permessage-deflate; server_max_window_bits=8, permessage-deflate; nonsense, permessage-deflate"
            )
                == Self.plain)
        #expect(
            answer("permessage-deflate; nonsense", "permessage-deflate; server_max_window_bits=11")
                == "\(Self.plain); server_max_window_bits=11")
        // What follows something that is no list is not guessed at.
        #expect(answer("permessage deflate, permessage-deflate") == nil)
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func `whatever is offered, it is read to an end`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let pieces = [
            "permessage-deflate", ";", ",", "=", "\"", "\\", " ", "server_max_window_bits", "10", "8", "\t",
            "client_no_context_takeover", "é", "\u{0}",
        ]
        let offer = (0..<Int.random(in: 0..<12, using: &generator))
            .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        if let terms = DeflateTerms(offeredIn: [offer]) {
            #expect((9...15).contains(terms.windowBits), "seed \(seed): \(offer)")
            #expect(offer.contains("permessage-deflate"), "seed \(seed): \(offer)")
        }
    }
}
