// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NostrCore
public import RelayTransport
public import TweetCore

/// Media that are fetched before a post names them, and kept here or brought to Blossom servers.
public final class KeptMedia: MediaReadiness, Sendable {
    private let store: BridgeStore
    private let files: BlobFiles
    private let fetcher: FileFetcher
    private let downloader: MediaDownloader
    private let uploads: BlobUploads?
    /// Where our own port serves files, without a slash at its end; empty: nowhere.
    private let baseURL: String
    private let clock: BridgeClock

    /// - Parameters:
    ///   - directory: where the files are.
    ///   - baseURL: of our own port.
    ///   - servers: Blossom servers, the most trusted first; none: our own port alone.
    ///   - trust: of addresses that X names; the operator's, where something on this machine stands in for X.
    /// - Throws: BlobError.
    public init(
        _ store: BridgeStore, directory: String, baseURL: String, servers: [String], dialer: Dialer,
        group: any EventLoopGroup, trust: DialTrust = .namedByStrangers, limits: MediaLimits = MediaLimits(),
        clock: BridgeClock = .system
    ) throws(BlobError) {
        self.store = store
        self.baseURL = baseURL
        self.clock = clock
        let files = try BlobFiles(root: directory)
        self.files = files
        fetcher = FileFetcher(files, dialer: dialer, group: group, limits: limits)
        downloader = MediaDownloader(
            files, fetcher: fetcher, keeping: BridgeFiles(store), limits: limits, trust: trust, now: clock.now
        )
        let now = clock.now
        uploads =
            servers.isEmpty
            ? nil
            : BlobUploads(
                store: store, servers: servers,
                client: BlossomClient(
                    files, group: group, limits: limits, now: { Timestamp(max(0, now() / 1_000)) }),
                limits: limits, clock: clock)
    }

    /// What serves the files on our own port.
    ///
    /// - Returns: `nil` where ``baseURL`` is no address.
    public func server(mayUpload: @escaping @Sendable (PublicKey) async -> Bool) -> BlossomServer? {
        guard let configuration = BlossomConfiguration(baseURL: baseURL, mayUpload: mayUpload) else {
            return nil
        }
        let now = clock.now
        return BlossomServer(
            configuration, files: files, keeping: BridgeFiles(store), fetcher: fetcher,
            now: { Timestamp(max(0, now() / 1_000)) })
    }

    /// Fetches and uploads until it is cancelled.
    ///
    /// - Parameters:
    ///   - key: signs uploads for an account.
    ///   - done: called when something has come that somebody may wait for.
    func run(
        key: @escaping @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey,
        observer: any BridgeObserver, done: @escaping @Sendable () -> Void
    ) async {
        let bell = Doorbell()
        store.observe { if $0 == .media { bell.ring() } }
        while !Task.isCancelled {
            var next = clock.now() + BridgeLimits.publisherRest
            do {
                let isStopped = try await work(key: key, observer: observer, done: done)
                if let due = try store.nextMedia(), !isStopped { next = min(next, due) }
            } catch { observer.failed("fetch media", "\(error)") }
            await bell.wait(max(1_000, next - clock.now()), clock)
        }
    }

    /// Fetches and uploads what is due.
    ///
    /// - Returns: whether the disk takes no more.
    func work(
        key: @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey, observer: any BridgeObserver,
        done: @Sendable () -> Void
    ) async throws -> Bool {
        var round = try await downloader.work()
        while !round.isEmpty, !round.isStopped {
            done()
            round = try await downloader.work()
        }
        if round.isStopped { observer.failed("keep a file", "the disk is full or broken") }
        if let uploads, try await uploads.work(key: key) { done() }
        return round.isStopped
    }

    func shutdown() async {
        await fetcher.shutdown()
        await uploads?.shutdown()
    }

    func wait(for snapshot: Snapshot, at now: Int64) async throws(BridgeStoreError) -> Int64? {
        for key in ConversionNeeds(of: snapshot).media {
            guard let row = try store.media(key), row.media.file != nil else { continue }
            switch row.download.status {
            case .pending: return max(now + 1_000, row.download.notBefore)
            case .failed, .dropped: continue
            case .ok:
                guard let uploads, let blob = try blob(of: row) else { continue }
                if uploads.isAwaited(blob) { return now + 1_000 }
            }
        }
        return nil
    }

    func copies(of key: String) throws(BridgeStoreError) -> [MediaCopy] {
        guard let row = try store.media(key), row.download.status == .ok, let blob = try blob(of: row) else {
            return []
        }
        var urls = uploads?.urls(of: blob) ?? []
        if !baseURL.isEmpty {
            urls.append("\(baseURL)/\(blob.hash).\(FileType.ending(of: blob.contentType))")
        }
        return urls.map { url in
            MediaCopy(
                url: url, sha256: blob.hash, size: Int64(blob.bytes), type: blob.contentType,
                width: row.media.width, height: row.media.height)
        }
    }

    private func blob(of row: MediaRow) throws(BridgeStoreError) -> BlobRow? {
        guard let hash = row.download.hash.flatMap({ EventID(hex: $0)?.bytes }) else { return nil }
        return try store.blob(hash)
    }
}
