// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

public import TweetCore

/// Brings in what older systems kept: the directory of nostrweet, the collections of the account tracker.
///
/// What is known already stays as it is, so an import may be broken off and begun again at any time, beside a bridge that
/// runs. A file or a document that cannot be read costs itself and a line of the report. Memory is bounded by a batch.
public struct BridgeImport: Sendable {
    let store: BridgeStore
    let options: ImportOptions
    let limits: ExchangeLimits
    let progress: @Sendable (ExchangeReport) -> Void

    /// - Parameter progress: is told after every batch.
    public init(
        into store: BridgeStore, _ options: ImportOptions = ImportOptions(),
        limits: ExchangeLimits = ExchangeLimits(),
        progress: @escaping @Sendable (ExchangeReport) -> Void = { _ in }
    ) {
        self.store = store
        self.options = options
        self.limits = limits
        self.progress = progress
    }

    /// A directory of nostrweet, in either of its namings: events first, so that nothing that was posted is posted again.
    ///
    /// - Throws: ``ExchangeError``.
    public func directory(_ path: String) async throws(ExchangeError) -> ExchangeReport {
        var run = try ImportRun(self)
        for place in ["nostr_events", "nostr"] where ArchiveFile.isDirectory("\(path)/\(place)") {
            try await ArchiveFile.names(in: "\(path)/\(place)") { name throws(ExchangeError) in
                switch ArchiveName(name) {
                case .event, .sent: try await run.readEvent("\(place)/\(name)", in: path)
                default: run.report.ignored += 1
                }
            }
            try await run.flush()
        }
        try await profiles(path, &run)
        try await ArchiveFile.names(in: path) { name throws(ExchangeError) in
            switch ArchiveName(name) {
            case .post(let id): try await run.readPost(name, id, in: path)
            case .gone, .profile: break
            case nil where name == "nostr_events" || name == "nostr": break
            case .event, .sent, .medium, .keyedMedium, nil: run.report.ignored += 1
            }
        }
        try await run.flush()
        // After the posts: a post that was read later than the marker was written does not take it away.
        try await ArchiveFile.names(in: path) { name throws(ExchangeError) in
            if case .gone(let id) = ArchiveName(name) { try await run.readGone(name, id, in: path) }
        }
        try await run.finish()
        return run.report
    }

    /// The latest first: of an account it is what is kept.
    private func profiles(_ path: String, _ run: inout ImportRun) async throws(ExchangeError) {
        var names: [String] = []
        let most = limits.profiles
        try await ArchiveFile.names(in: path) { name throws(ExchangeError) in
            if ArchiveName(name) == .profile, names.count < most { names.append(name) }
        }
        // Both dates in the same form.
        func date(_ name: String) -> [UInt8] { Array(name.utf8.filter { $0 != 95 }.prefix(14)) }
        names.sort { date($1).lexicographicallyPrecedes(date($0)) }
        for name in names { try await run.readProfile(name, in: path) }
        try await run.flush()
    }

    /// Dumps of the tracker's collections (`mongoexport`, with or without `--jsonArray`): a directory of files that are
    /// named for them, or one such file.
    ///
    /// - Throws: ``ExchangeError``.
    public func collections(_ path: String) async throws(ExchangeError) -> ExchangeReport {
        var files: [(TrackerDocument.Collection, String)] = []
        if ArchiveFile.isDirectory(path) {
            try await ArchiveFile.names(in: path) { name throws(ExchangeError) in
                if let collection = TrackerDocument.Collection(file: name) {
                    files.append((collection, "\(path)/\(name)"))
                }
            }
        } else if let name = path.split(separator: "/").last,
            let collection = TrackerDocument.Collection(file: String(name))
        {
            files.append((collection, path))
        }
        guard !files.isEmpty else { throw .nothing(path) }
        var run = try ImportRun(self)
        for collection in TrackerDocument.Collection.allCases {
            for (_, file) in files.filter({ $0.0 == collection }).sorted(by: { $0.1 < $1.1 }) {
                try await documents(of: collection, file, &run)
            }
            try await run.flush()
        }
        try await run.finish()
        return run.report
    }

    private func documents(
        of collection: TrackerDocument.Collection, _ file: String, _ run: inout ImportRun
    ) async throws(ExchangeError) {
        guard let reader = try ArchiveReader(file) else { throw .unreadable(file, "no regular file") }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        var splitter = DocumentSplitter(bytesMax: limits.documentBytes)
        while true {
            let chunk = try reader.next(limits.chunkBytes)
            for piece in chunk.isEmpty ? splitter.finish() : splitter.append(chunk) {
                switch piece {
                case .damaged(let line, let reason): run.report.damage("\(name):\(line)", reason)
                case .document(let bytes, let line):
                    try await run.readDocument(bytes, of: collection, at: "\(name):\(line)")
                }
            }
            if chunk.isEmpty { return }
        }
    }
}
