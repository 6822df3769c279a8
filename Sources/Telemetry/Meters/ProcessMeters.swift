// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc

/// What the operating system tells of this process, read at every scrape.
public struct ProcessMeters: Sendable {
    /// Declares them in `registry`.
    public init(
        _ registry: MetricsRegistry, version: String, lostLogLines: @escaping @Sendable () -> Int
    ) {
        registry.gauges(
            "rookery_build_info", "Always 1; the labels tell what runs.", labels: ["version"], limit: 1)[
                version
            ]
            .set(1)
        let start = LogOutput.wallClock() / 1000
        registry.gauge("process_start_time_seconds", "When the process started, in seconds since 1970.") {
            Double(start)
        }
        registry.counter("process_cpu_seconds_total", "Processor time used, user and system.") {
            Self.processorSeconds()
        }
        registry.gauge("process_open_fds", "File descriptors open now.") { Self.openDescriptors() }
        registry.gauge("process_max_fds", "File descriptors that may be open.") { Self.maxDescriptors() }
        registry.gauge("process_resident_memory_bytes", "Resident memory, the memory map included.") {
            Self.memory("VmRSS:")
        }
        registry.gauge("rookery_memory_anonymous_bytes", "Resident memory that belongs to no file.") {
            Self.memory("RssAnon:")
        }
        registry.counter(
            "rookery_log_lines_lost_total", "Log lines that could not be written: no reader, or a full disk."
        ) { Double(lostLogLines()) }
        registry.gauge("rookery_memory_file_bytes", "Resident pages of files, the store's map above all.") {
            Self.memory("RssFile:")
        }
    }

    /// A size in `/proc/self/status`, in **bytes**.
    static func memory(_ name: String) -> Double? {
        guard let text = contents(of: "/proc/self/status") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            let digits = line.dropFirst(name.count).filter(\.isNumber)
            return Double(digits).map { $0 * 1024 }
        }
        return nil
    }

    private static func processorSeconds() -> Double? {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        let micros = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + micros / 1e6
    }

    private static func openDescriptors() -> Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Neither `.` and `..`, nor the descriptor that reads the folder.
        return Double(max(0, count - 3))
    }

    private static func maxDescriptors() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Double(limit.rlim_cur)
    }

    private static func contents(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
