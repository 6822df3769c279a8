// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// Events that other programs made.
enum ForeignEvents {
    static let coincurve = #"""
        {"id":"e051baf6314eb8cd9b9d1b83012179044a6d391eae7f79f118658b774513773e","pubkey":"06ca779\#
        08438bcf9f728289887bc3a347c8a5a88013fab8859b2a5bcdc550523","created_at":1712345678,"kind":\#
        1111,"tags":[["e","0000000000000000000000000000000000000000000000000000000000000000","wss:\#
        //a.test"],["t","ünï"],[],["-"]],"content":"line\n\"quoted\" \\ tab\t é 🪶 \#u{7F}","sig":"\#
        38da6f1ef7cbb0ae11f6215044d709c6f7ff696f1d5a12d4a3f2fe8d27e3822afa24ea89ceb234a4eb72d4b30d\#
        d6e9cc3f8713ae8f79e300d7d1a576fb22c46f"}
        """#
}
