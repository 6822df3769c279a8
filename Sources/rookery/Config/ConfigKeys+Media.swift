// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore

extension ConfigKeys {
    /// `bridge.media_…` and `bridge.blossom_…`.
    static let media: [ConfigKey] = [
        .span("bridge.media_patience_s", \.bridge.mediaPatience, unit: .seconds, in: 0...604_800)
            .about("How long a post waits for its media before it is mirrored with X's addresses."),
        .integer("bridge.media_downloads", \.bridge.mediaDownloads, in: 1...32)
            .about("Files fetched at a time."),
        .integer("bridge.media_max_file_mib", \.bridge.maxMediaFileMiB, in: 1...8192)
            .about("Longer files are not fetched; events name X's addresses then."),
        .number("bridge.media_kept_days", \.bridge.mediaKeptDays, in: 0...36_500)
            .about(
                "How long files that were fetched are kept after they were last asked for; 0 for as long as a"
                    + " mirrored post shows them."),
        .number("bridge.media_max_size_gib", \.bridge.maxMediaGiB, in: 0...1_048_576)
            .about(
                "What all files may take; above it those go that were not asked for for the longest time. 0 for as"
                    + " much as there is room for."),
        .list("bridge.blossom_uploaders", \.bridge.blossom.uploaders, show: \.hex, parse: uploader)
            .about(
                "Who, besides those in `relay.admins`, may upload to this relay's port, in hex or as npub."),
        .integer("bridge.blossom_max_blob_mib", \.bridge.blossom.maxBlobMiB, in: 1...8192)
            .about("Longer blobs are not taken."),
        .number("bridge.blossom_quota_gib", \.bridge.blossom.quotaGiB, in: 0...1_048_576)
            .about("What one of them may have here."),
        .number("bridge.blossom_max_total_gib", \.bridge.blossom.maxTotalGiB, in: 0...1_048_576)
            .about("What all of them may have here; 0 for as much as there is room for."),
        .flag("bridge.blossom_list", \.bridge.blossom.lists)
            .about("Whether anybody is told what somebody has uploaded (`GET /list/<pubkey>`)."),
    ]

    @Sendable private static func uploader(_ text: String) throws(ConfigProblem) -> PublicKey {
        if let key = PublicKey(anyForm: text) { return key }
        throw ConfigProblem(
            "must hold public keys as 64 hexadecimal digits or npub, not \(ConfigKey.shown(text))")
    }
}
