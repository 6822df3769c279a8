// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import NIOCore
public import NostrCore
public import RelayTransport
public import TweetCore

/// Media that are fetched before a post names them, and kept here or brought to Blossom servers.
public final class KeptMedia: MediaReadiness, Sendable {
    let store: BridgeStore
    let files: BlobFiles
    private let fetcher: FileFetcher
    private let downloader: MediaDownloader
    let uploads: BlobUploads
    /// Where our own port serves files, without a slash at its end; empty: nowhere.
    private let baseURL: String
    let clock: BridgeClock
    let limits: MediaLimits

    /// - Parameters:
    ///   - directory: where the files are.
    ///   - baseURL: of our own port.
    ///   - servers: Blossom servers, the most trusted first; none: our own port alone.
    ///   - trust: of addresses that X names; the operator's, where something on this machine stands in for X.
    /// - Throws: BlobError.
    public convenience init(
        _ store: BridgeStore, directory: String, baseURL: String, servers: [String], dialer: Dialer,
        group: any EventLoopGroup, trust: DialTrust = .namedByStrangers, limits: MediaLimits = MediaLimits(),
        clock: BridgeClock = .system
    ) throws(BlobError) {
        self.init(
            store, files: try BlobFiles(root: directory), baseURL: baseURL, servers: servers, dialer: dialer,
            group: group, trust: trust, limits: limits, clock: clock)
    }

    init(
        _ store: BridgeStore, files: BlobFiles, baseURL: String, servers: [String], dialer: Dialer,
        group: any EventLoopGroup, trust: DialTrust, limits: MediaLimits, clock: BridgeClock
    ) {
        self.store = store
        self.files = files
        self.baseURL = baseURL
        self.clock = clock
        self.limits = limits
        fetcher = FileFetcher(files, dialer: dialer, group: group, limits: limits)
        downloader = MediaDownloader(
            files, fetcher: fetcher, keeping: BridgeFiles(store), limits: limits, trust: trust, now: clock.now
        )
        let now = clock.now
        uploads = BlobUploads(
            store: store, servers: servers,
            client: BlossomClient(
                files, group: group, limits: limits, now: { Timestamp(max(0, now() / 1_000)) }),
            limits: limits, clock: clock)
    }

    /// What serves the files on our own port.
    ///
    /// - Parameter adjust: what else it goes by.
    /// - Returns: `nil` where ``baseURL`` is no address.
    public func server(
        mayUpload: @escaping @Sendable (PublicKey) async -> Bool,
        _ adjust: (inout BlossomConfiguration) -> Void = { _ in }
    ) -> BlossomServer? {
        guard var configuration = BlossomConfiguration(baseURL: baseURL, mayUpload: mayUpload) else {
            return nil
        }
        adjust(&configuration)
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
                if let due = try store.nextUpload() { next = min(next, due) }
            } catch { observer.failed("fetch media", "\(error)") }
            await bell.wait(max(1_000, next - clock.now()), clock)
        }
    }

    /// Fetches and uploads what is due.
    ///
    /// - Returns: whether the disk takes no more.
    func work(
        key: @escaping @Sendable (UserID) async throws(BridgeStoreError) -> SecretKey,
        observer: any BridgeObserver, done: @Sendable () -> Void
    ) async throws -> Bool {
        try await uploads.adoptServers()
        var round = MediaDownloader.Round()
        repeat {
            round = try await downloader.work()
            if !round.isEmpty {
                observer.fetchedMedia(round)
                done()
            }
            if let failures = try await uploads.work(key: key) {
                for (server, failure) in failures.sorted(by: { $0.key < $1.key }) {
                    observer.hindered("bring a file to \(server)", failure.rawValue)
                }
                done()
            }
        } while !round.isEmpty && !round.isStopped && !Task.isCancelled
        guard round.isStopped else { return false }
        let stop = round.stop == .diskFull ? "the disk is full" : "the disk does not take it"
        observer.hindered("keep a file of media", "\(stop): nothing is fetched for a while")
        return true
    }

    func shutdown() async {
        await fetcher.shutdown()
        await uploads.shutdown()
    }

    func wait(
        for snapshot: Snapshot, since start: Int64, at now: Int64
    ) async throws(BridgeStoreError) -> Int64? {
        let end = start + limits.patience
        guard now < end else { return nil }
        for key in ConversionNeeds(of: snapshot).media {
            guard let row = try store.media(key), row.media.file != nil else { continue }
            switch row.download.status {
            case .pending: return min(end, max(now + 1_000, row.download.notBefore))
            case .failed: continue
            case .dropped:
                try await store.fetchAgain(key)
                return min(end, now + 1_000)
            case .ok:
                guard let blob = try blob(of: row), let hash = blob.bytes32, files.size(of: hash) != nil
                else {
                    try await store.fetchAgain(key)
                    return min(end, now + 1_000)
                }
                if uploads.isAwaited(blob) { return min(end, now + 1_000) }
            }
        }
        return nil
    }

    func copies(of key: String) throws(BridgeStoreError) -> [MediaCopy] {
        guard let row = try store.media(key), row.download.status == .ok, let blob = try blob(of: row),
            let hash = blob.bytes32
        else { return [] }
        var urls = uploads.urls(of: blob)
        if !baseURL.isEmpty, files.size(of: hash) != nil {
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
