// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
public import TweetCore

/// Writes down what the bridge keeps, in forms that people and older systems read. Beside a bridge that runs: each row is as
/// it is when it is read.
public struct BridgeExport: Sendable {
    let store: BridgeStore
    private let progress: @Sendable (ExchangeReport) -> Void
    /// Rows that are read at once.
    private let page = 200

    /// - Parameter progress: is told after every page.
    public init(
        of store: BridgeStore, progress: @escaping @Sendable (ExchangeReport) -> Void = { _ in }
    ) {
        self.store = store
        self.progress = progress
    }

    /// A file for each post, profile, event and post that is gone, named as nostrweet documents it (``ArchiveName``). Files
    /// that are there already with the same bytes stay; so the same again writes what is new.
    ///
    /// - Parameters:
    ///   - directory: made where it is missing.
    ///   - media: where the bridge keeps files; they are linked, or copied to another disk. `nil`: none.
    public func files(into directory: String, media: String? = nil) throws(ExchangeError) -> ExchangeReport {
        var report = ExchangeReport()
        try ArchiveFile.makeDirectory(directory)
        try ArchiveFile.makeDirectory("\(directory)/nostr_events")
        try pages({ (last: PostRow?) throws(BridgeStoreError) in
            try store.posts(after: last?.snapshot.post.id, limit: page)
        }) { row throws(ExchangeError) in
            try write(row, into: directory, media, &report)
        }
        try pages({ (last: UserRow?) throws(BridgeStoreError) in
            try store.users(after: last?.user.id, limit: page)
        }) { row throws(ExchangeError) in
            let name = ArchiveName.file(ofProfile: row.user.fileName, at: row.changedAt)
            try write(row.user.archived, "\(directory)/\(name)", .users, &report)
        }
        try pages({ (last: (PostID, GoneRow)?) throws(BridgeStoreError) in
            try store.allGone(after: last?.0, limit: page)
        }) { row throws(ExchangeError) in
            let name = ArchiveName.file(ofGone: row.0)
            try write(row.1.archived, "\(directory)/\(name)", .gone, &report)
        }
        try pages({ (last: (PostID, MirrorRow)?) throws(BridgeStoreError) in
            try store.mirrors(after: last?.0, limit: page)
        }) { row throws(ExchangeError) in
            guard let id = row.1.id,
                let event = try storing({ () throws(BridgeStoreError) in try store.storedEvent(id) })
            else { return }
            let name = "nostr_events/\(ArchiveName.file(ofEvent: row.1.event))"
            try write(event.json, "\(directory)/\(name)", .events, &report)
        }
        progress(report)
        return report
    }

    private func write(
        _ row: PostRow, into directory: String, _ media: String?, _ report: inout ExchangeReport
    ) throws(ExchangeError) {
        let post = row.snapshot.post
        let author = row.snapshot.author?.fileName ?? post.author?.description ?? "unknown"
        let name = ArchiveName.file(ofPost: post.id, by: author, at: post.createdAt ?? post.id.milliseconds)
        try write(row.snapshot.archived, "\(directory)/\(name)", .posts, &report)
        guard let media else { return }
        for (place, medium) in row.snapshot.media.enumerated() {
            let blob = try storing { () throws(BridgeStoreError) in
                try store.media(medium.key)?.download.hash.flatMap { EventID(hex: $0)?.bytes }
                    .flatMap { (hash) throws(BridgeStoreError) in try store.blob(hash) }
            }
            guard let blob else { continue }
            let name = ArchiveName.file(
                ofMedium: place + 1, of: post.id, by: author, extension: blob.fileExtension)
            let isNew = try ArchiveFile.link("\(media)/\(blob.path)", to: "\(directory)/\(name)")
            if isNew { report.count(.files) } else { report.known += 1 }
        }
    }

    private func write(
        _ bytes: [UInt8], _ path: String, _ item: ExchangeReport.Item, _ report: inout ExchangeReport
    ) throws(ExchangeError) {
        if try ArchiveFile.write(bytes, to: path) { report.count(item) } else { report.known += 1 }
    }

    /// The tracker's collections, a file each of JSON lines that `mongoimport` reads.
    public func collections(into directory: String) throws(ExchangeError) -> ExchangeReport {
        var report = ExchangeReport()
        try ArchiveFile.makeDirectory(directory)
        for collection in TrackerDocument.Collection.allCases {
            let file = try ArchiveWriter("\(directory)/\(collection.rawValue).jsonl")
            switch collection {
            case .users:
                try pages({ (last: UserRow?) throws(BridgeStoreError) in
                    try store.users(after: last?.user.id, limit: page)
                }) { row throws(ExchangeError) in try file.line(row.document, .users, &report) }
            case .accounts:
                try pages({ (last: AccountRow?) throws(BridgeStoreError) in
                    try store.accounts(after: last?.id, limit: page)
                }) { row throws(ExchangeError) in try file.line(row.document, .accounts, &report) }
            case .media:
                try pages({ (last: MediaRow?) throws(BridgeStoreError) in
                    try store.allMedia(after: last?.media.key, limit: page)
                }) { row throws(ExchangeError) in
                    let path = try storing { () throws(BridgeStoreError) in
                        try row.download.hash.flatMap { EventID(hex: $0)?.bytes }
                            .flatMap { (hash) throws(BridgeStoreError) in try store.blob(hash) }?.path
                    }
                    try file.line(row.document(path: path), .media, &report)
                }
            case .posts:
                try pages({ (last: PostRow?) throws(BridgeStoreError) in
                    try store.posts(after: last?.snapshot.post.id, limit: page)
                }) { row throws(ExchangeError) in
                    let raw = try storing { () throws(BridgeStoreError) in
                        try store.raw(row.snapshot.post.id)
                    }
                    try file.line(row.document(raw: raw), .posts, &report)
                }
            case .state: try state(file, &report)
            }
            try file.finish()
        }
        progress(report)
        return report
    }

    private func state(_ file: ArchiveWriter, _ report: inout ExchangeReport) throws(ExchangeError) {
        let cursors = try storing { () throws(BridgeStoreError) in try store.cursors() }
        for (scope, row) in cursors {
            let line = StateRow(value: row.since.description, updatedAt: row.updatedAt)
            try file.line(line.document(key: scope.trackerKey), .cursors, &report)
        }
        try pages({ (last: (key: String, row: StateRow)?) throws(BridgeStoreError) in
            try store.rememberedValues(after: last?.key, limit: page)
        }) { entry throws(ExchangeError) in
            if entry.key.hasPrefix("since_id:") || entry.key.hasPrefix("gap:") { return }
            try file.line(entry.row.document(key: entry.key), .values, &report)
        }
    }

    private func pages<Row>(
        _ next: (Row?) throws(BridgeStoreError) -> [Row], _ take: (Row) throws(ExchangeError) -> Void
    ) throws(ExchangeError) {
        var last: Row?
        while true {
            if Task.isCancelled { throw .cancelled }
            let rows = try storing { () throws(BridgeStoreError) in try next(last) }
            for row in rows { try take(row) }
            guard let end = rows.last else { return }
            last = end
        }
    }
}

extension ArchiveWriter {
    fileprivate func line(
        _ bytes: [UInt8], _ item: ExchangeReport.Item, _ report: inout ExchangeReport
    ) throws(ExchangeError) {
        try write(bytes + [UInt8(ascii: "\n")])
        report.count(item)
    }
}

extension User {
    /// A handle makes a name of a file; where it is none, the number does.
    fileprivate var fileName: String { Handle(handle)?.text ?? id.description }
}

extension BlobRow {
    fileprivate var fileExtension: String {
        switch contentType {
        case "image/png": "png"
        case "image/gif": "gif"
        case "image/webp": "webp"
        case let type where type.hasPrefix("video/"): "mp4"
        default: "jpg"
        }
    }
}
