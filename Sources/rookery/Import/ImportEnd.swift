// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

/// How an import ended: what was judged, and what broke it off if anything did.
struct ImportEnd {
    var report = ImportReport()
    var failure: (any Error)?

    /// Reads to the end, or until the store can take no more; what was taken by then is reported in any case.
    static func pump(
        _ source: inout LineSource, into sink: inout some ImportSink & ~Copyable
    ) async -> ImportEnd {
        var end = ImportEnd()
        var progress = ProgressLine()
        // How many lines went before each batch that is not reported yet.
        var offsets: [Int] = []
        var lines = 0
        do {
            while end.report.failure == nil, !Interruption.isAsked {
                let batch = try source.next()
                if batch.isEmpty { break }
                offsets.append(lines)
                lines += batch.count
                for judged in try await sink.take(batch) {
                    end.report.add(judged, after: offsets.removeFirst())
                }
                progress.show(source.fraction, end.report.total, "events")
            }
        } catch {
            end.failure = error
        }
        do {
            while let judged = try await sink.finish() {
                end.report.add(judged, after: offsets.removeFirst())
            }
        } catch {
            end.failure = end.failure ?? error
        }
        progress.clear()
        return end
    }
}
