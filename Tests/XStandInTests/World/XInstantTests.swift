// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct XInstantTests {
    @Test(
        arguments: [
            ("2026-07-31T11:45:50.000Z", 1_785_498_350_000), ("1970-01-01T00:00:00.000Z", 0),
            ("2024-02-29T23:59:59.999Z", 1_709_251_199_999), ("2000-03-01T00:00:00.000Z", 951_868_800_000),
        ] as [(String, Int64)])
    func `moments are written and read in UTC`(text: String, milliseconds: Int64) {
        #expect(XInstant(milliseconds: milliseconds).iso == text)
        #expect(XInstant(iso: text) == XInstant(milliseconds: milliseconds))
    }

    @Test(arguments: ["2026-08-15T12:00:00Z", "2026-08-15T12:00:00.0Z", "2026-08-15T12:00:00.000000Z"])
    func `a fraction of a second may be left out or be long`(text: String) {
        #expect(XInstant(iso: text)?.iso == "2026-08-15T12:00:00.000Z")
    }

    @Test(arguments: [
        "", "2026-08-15", "2026-08-15T12:00:00", "2026-13-15T12:00:00Z", "2026-08-15 12:00:00Z",
        "yesterday at noon, UTCZ",
    ])
    func `what is no moment is refused`(text: String) {
        #expect(XInstant(iso: text) == nil)
    }

    @Test func `an id tells when it was made, as in the text of an error of X`() {
        let id: UInt64 = 2_083_157_183_716_917_248
        #expect(Snowflake.instant(of: id).iso.hasPrefix("2026-07-31T11:45:50"))
        #expect(Snowflake.firstID(at: Snowflake.instant(of: id)) <= id)
    }

    @Test func `ids had nineteen digits from May 2018, and begin with 2 since December 2025`() {
        #expect(Snowflake.instant(of: 1_000_000_000_000_000_000).iso.hasPrefix("2018-05-25T13:05"))
        #expect(Snowflake.instant(of: 2_000_000_000_000_000_000).iso.hasPrefix("2025-12-14"))
    }

    @Test func `days and months are those of UTC`() {
        let late = XInstant(iso: "2026-08-31T23:59:59.999Z")
        let early = XInstant(iso: "2026-09-01T00:00:00.000Z")
        #expect(late.map { $0.utcDay + 1 } == early?.utcDay)
        #expect(late.map { $0.utcMonth + 1 } == early?.utcMonth)
        #expect(late?.dateText == "2026-08-31")
    }
}
