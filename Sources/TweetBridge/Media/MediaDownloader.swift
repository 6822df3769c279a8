// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOHTTP1
public import RelayTransport
public import TweetCore

/// Brings the files of media here: the picture, or the film of the highest bit rate (R36), three attempts each (R37).
///
/// The media hosts are asked as a browser would ask (R40); credentials are never sent.
public struct MediaDownloader: Sendable {
    private let files: BlobFiles
    private let fetcher: FileFetcher
    private let keeping: any MediaKeeping
    private let limits: MediaLimits
    private let trust: DialTrust
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - trust: of what X names as the place of a file; the operator's, where a stand-in on this machine answers.
    ///   - now: **milliseconds** since 1970.
    public init(
        _ files: BlobFiles, fetcher: FileFetcher, keeping: any MediaKeeping, limits: MediaLimits,
        trust: DialTrust = .namedByStrangers, now: @escaping @Sendable () -> Int64
    ) {
        self.files = files
        self.fetcher = fetcher
        self.keeping = keeping
        self.limits = limits
        self.trust = trust
        self.now = now
    }

    /// What became of some media.
    public struct Round: Hashable, Sendable {
        /// Those whose files are here, and the rest.
        public var stored = 0
        public var postponed = 0
        public var failed = 0
        /// ``MediaFailure/diskFull`` or ``MediaFailure/disk``: then nothing more was begun.
        public var stop: MediaFailure?
        public var isStopped: Bool { stop != nil }

        public init() {}

        public var isEmpty: Bool { self == Round() }
    }

    /// Makes the attempts that are due, some at once, at most `limit` of them.
    public func work(limit: Int = 100) async throws -> Round {
        var due = try await keeping.dueMedia(at: now(), limit: limit)[...]
        return try await withThrowingTaskGroup(of: MediaAttempts.self) { group in
            var round = Round()
            for record in due.prefix(limits.downloadsAtOnce) { group.addTask { try await attempt(record) } }
            due = due.dropFirst(limits.downloadsAtOnce)
            while let attempts = try await group.next() {
                switch attempts.state {
                case .stored: round.stored += 1
                case .pending: round.postponed += 1
                case .failed, .dropped: round.failed += 1
                }
                if let failure = attempts.failure, !failure.counts { round.stop = failure }
                guard !round.isStopped, !Task.isCancelled, let next = due.popFirst() else { continue }
                group.addTask { try await attempt(next) }
            }
            return round
        }
    }

    /// Makes one attempt, and has kept what came of it when it returns.
    public func attempt(_ record: MediaRecord) async throws -> MediaAttempts {
        var attempts = record.attempts
        let fetched: FileFetcher.Fetched
        do throws(MediaFailure) { fetched = try await fetch(record.medium) } catch {
            return try await failed(record, error)
        }
        attempts.succeeded(at: now())
        if let failure = try await keep(fetched, attempts, record.medium.key) {
            return try await failed(record, failure)
        }
        return attempts
    }

    private func failed(_ record: MediaRecord, _ failure: MediaFailure) async throws -> MediaAttempts {
        // An attempt that somebody ended says nothing of the medium.
        try Task.checkCancellation()
        var attempts = record.attempts
        attempts.failed(failure, at: now(), limits)
        try await keeping.keep(attempts, of: record.medium.key, file: nil)
        return attempts
    }

    /// Gives the file its name, then notes that it is here.
    private func keep(
        _ fetched: FileFetcher.Fetched, _ attempts: MediaAttempts, _ key: String
    ) async throws -> MediaFailure? {
        let writer = fetched.writer
        let file = MediaFile(
            hash: writer.hash, size: writer.size,
            type: FileType.of(writer.start) ?? FileType.safe(fetched.type) ?? "application/octet-stream")
        return try await files.alone(with: file.hash) {
            do throws(BlobError) { _ = try await writer.finished() } catch { return MediaFailure(error) }
            try await keeping.keep(attempts, of: key, file: file)
            return nil
        }
    }

    private func fetch(_ medium: Media) async throws(MediaFailure) -> FileFetcher.Fetched {
        guard let url = medium.file else { throw .noFile }
        let isPicture = medium.type == "photo"
        guard isPicture, let original = Self.original(url) else { return try await fetch(url, isPicture) }
        do throws(MediaFailure) { return try await fetch(original, isPicture) } catch {
            switch error {
            case .gone, .status(400...428), .page, .wrongType, .empty: return try await fetch(url, isPicture)
            default: throw error
            }
        }
    }

    private func fetch(_ url: String, _ isPicture: Bool) async throws(MediaFailure) -> FileFetcher.Fetched {
        var request = FileFetcher.Request(
            url, headers: Self.headers(isPicture), trust: trust, maxBytes: limits.maxFileBytes)
        request.judge = { start, type in Self.judge(start, type, isPicture) }
        return try await fetcher.fetch(request)
    }

    /// The form of a picture's address that stands for it as it was sent in; `nil` when it is that one, or none of X's.
    static func original(_ url: String) -> String? {
        let parts = url.split(separator: "?", maxSplits: 1)
        guard let path = parts.first, path.contains("/media/") else { return nil }
        var fields = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
        if fields.contains("name=orig") { return nil }
        fields.removeAll { $0.hasPrefix("name=") }
        return "\(path)?\((fields + ["name=orig"]).joined(separator: "&"))"
    }

    /// Why something is no picture, or no film.
    static func judge(_ start: [UInt8], _ type: String?, _ isPicture: Bool) -> MediaFailure? {
        let family = isPicture ? "image/" : "video/"
        if let known = FileType.of(start) {
            if known == "text/html" { return .page }
            // An animation may be a GIF.
            return known.hasPrefix(family) || known == "image/gif" ? nil : .wrongType(known)
        }
        // What we do not know by its bytes may be what the server says.
        guard let type = type?.lowercased() else { return .wrongType("unknown") }
        if type.hasPrefix("text/html") { return .page }
        return type.hasPrefix(family) ? nil : .wrongType(String(type.prefix(80)))
    }

    private static func headers(_ isPicture: Bool) -> HTTPHeaders {
        [
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Accept": isPicture
                ? "image/jpeg,image/png,image/*;q=0.8,*/*;q=0.5" : "video/mp4,video/*;q=0.9,*/*;q=0.5",
            "Accept-Language": "en-US,en;q=0.5",
            "Referer": "https://x.com/",
        ]
    }
}

extension MediaFailure {
    /// Why a file could not be written.
    init(_ error: BlobError) { self = error == .diskFull ? .diskFull : .disk }
}
