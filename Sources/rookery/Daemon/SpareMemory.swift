// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import CMalloc
import Glibc
import Logging
import ServiceLifecycle

/// Memory that was freed and that the allocator still keeps: how much that is, and giving it back.
///
/// The allocator gives back by itself only what lies at the end of its heaps, and what holds that up there may be small.
/// To give back the rest takes some milliseconds, so it is done only when it has become a lot more than the last time.
struct SpareMemory {
    /// **Bytes** that must have been freed since, for it to be worth it.
    static let worthwhile = 8 << 20
    /// What was kept after the last time all the same.
    private var stubborn = 0

    /// The allocator's settings, before anything is allocated in earnest.
    static func prepare() {
        // Each arena keeps what its threads once needed; two serve all threads as fast, and hold a fifth less.
        mallopt(M_ARENA_MAX, 2)
        // By itself the allocator raises this with what it sees, and large buffers then lie among small ones.
        mallopt(M_MMAP_THRESHOLD, 256 << 10)
        mallopt(M_TRIM_THRESHOLD, 1 << 20)
        mallopt(M_TOP_PAD, 256 << 10)
    }

    /// Gives back what is spare if that is worth it.
    ///
    /// - Returns: whether it did.
    mutating func giveBack(
        spare: () -> Int = { Self.spare }, trim: () -> Void = { malloc_trim(1 << 20) }
    ) -> Bool {
        let before = spare()
        stubborn = min(stubborn, before)
        guard before - stubborn >= Self.worthwhile else { return false }
        trim()
        stubborn = spare()
        return true
    }

    /// **Bytes** in memory that nobody uses, roughly.
    static var spare: Int {
        let use = mallinfo2()
        return max(0, anonymous - Int(use.uordblks) - Int(use.hblkhd))
    }

    /// **Bytes** of the process that are in memory and in no file.
    private static var anonymous: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        // Pages: of all, in memory, of those in files, …
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let pages = text.split(separator: " ").compactMap { Int($0) }
        return pages.count > 2 ? (pages[1] - pages[2]) * Int(getpagesize()) : 0
    }
}

/// Gives memory back when a storm is over.
struct SpareMemoryWatch: Service {
    let interval = Duration.seconds(5)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var memory = SpareMemory()
            while !Task.isCancelled {
                try? await Task.sleep(for: interval)
                _ = memory.giveBack()
            }
        }
    }
}
