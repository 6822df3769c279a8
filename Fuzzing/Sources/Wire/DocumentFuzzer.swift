// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import SyncPlanner

/// An upstream's information document (NIP-11): whatever it says, what is taken from it lies within reason.
enum DocumentFuzzer {
    static func feed(_ input: FuzzInput) {
        guard let information = UpstreamInformation(document: input.array) else { return }
        for number in [
            information.maxSubscriptions, information.maxFilters, information.maxLimit,
            information.defaultLimit, information.maxMessageLength, information.maxSubidLength,
        ] {
            claim(number.map { (0...SyncEngineLimits.advertisedMax).contains($0) } ?? true, "\(number ?? 0)")
        }
        claim(information.supportedNIPs.count <= SyncEngineLimits.nipsMax, "too many NIPs")
        if let software = information.software {
            claim(
                software.unicodeScalars.count <= SyncEngineLimits.softwareNameMax, "a name beyond its bound")
            claim(software.unicodeScalars.allSatisfy(UpstreamWords.isPrintable), "a name that moves a cursor")
        }
        claim(UpstreamInformation(document: input.array) == information, "one document is read in two ways")
        let short = UpstreamWords.short(input.text)
        claim(short.utf8.count <= UpstreamWords.lengthMax + 4, "words beyond their bound")
        claim(short.unicodeScalars.allSatisfy(UpstreamWords.isPrintable), "words that move a cursor")
    }
}
