// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Telemetry
import Testing

@Suite struct DurationBriefTests {
    @Test(arguments: [
        (Duration.zero, "0ms"), (.microseconds(1_999), "1ms"), (.milliseconds(999), "999ms"),
        (.seconds(1), "1.0s"),
        (.milliseconds(4_270), "4.2s"), (.milliseconds(9_999), "9.9s"), (.seconds(45), "45s"),
        (.seconds(119), "119s"), (.seconds(2_040), "34min"), (.seconds(86_400), "24h"),
        (.seconds(172_800), "2d"),
    ]) func `a span has as many digits as matter`(span: Duration, text: String) {
        #expect(span.brief == text)
    }
}
