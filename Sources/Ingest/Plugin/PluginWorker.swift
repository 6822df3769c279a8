// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import DequeModule
import Glibc
import NostrCore

/// One of the plugin's processes, and what it was asked. Confined to the thread of the ``PluginLoop``.
final class PluginWorker {
    private(set) var process: PluginProcess?
    /// What it was asked and has not answered, in the order asked.
    private(set) var inFlight: Deque<PluginItem> = []
    /// Since when the first of these has been the first.
    private(set) var frontSince = Uptime.zero
    /// What it was asked and another has been asked since: its answer no longer counts.
    private var givenAway: Set<String> = []
    /// Whether it has answered anything since it started.
    private(set) var hasAnswered = false
    /// Not before this is it started again.
    var startsAt = Uptime.zero
    /// Ends in a row without an answer in between.
    var failures = 0
    /// It is replaced as soon as it has answered everything.
    var isStale = false
    /// Whether its error output is open.
    var hasErrors = false
    private var outbound: [UInt8] = []
    private var written = 0
    private var answers: PluginLines
    private var asides: PluginLines

    init(_ limits: PluginLimits) {
        answers = PluginLines(limit: limits.answerBytes)
        asides = PluginLines(limit: limits.loggedBytes)
    }

    var pid: Int32 { process?.pid ?? 0 }
    var hasOutbound: Bool { written < outbound.count }

    func hasRoom(_ limits: PluginLimits) -> Bool {
        process != nil && !isStale && inFlight.count < limits.inFlight
            && outbound.count - written < limits.outboundBytes
    }

    func start(_ settings: PluginSettings, _ limits: PluginLimits) throws(SystemFailure) {
        process = try PluginProcess(command: settings.command)
        answers = PluginLines(limit: settings.reads ? limits.readAnswerBytes : limits.answerBytes)
        asides = PluginLines(limit: limits.loggedBytes)
        hasErrors = true
        isStale = false
        hasAnswered = false
        givenAway = []
        outbound = []
        written = 0
    }

    func ask(_ item: PluginItem, at now: Uptime) {
        if inFlight.isEmpty { frontSince = now }
        item.attempts += 1
        inFlight.append(item)
        outbound += item.line()
    }

    /// Hands the process as much as it takes.
    ///
    /// - Returns: whether it still reads.
    func write() -> Bool {
        guard let process else { return false }
        while hasOutbound {
            let count = outbound.withUnsafeBytes { bytes in
                Glibc.write(process.input, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            guard count > 0 else { return errno == EAGAIN || errno == EINTR }
            written += count
        }
        outbound.removeAll(keepingCapacity: outbound.count < 1 << 16)
        written = 0
        return true
    }

    /// What an answer that has come means.
    enum Reading {
        case answer(PluginItem, PluginAnswer)
        case unreadable([UInt8])
        case ended(String)
    }

    /// Takes in what it has answered.
    func read(into buffer: inout [UInt8], at now: Uptime) -> [Reading] {
        guard let process else { return [] }
        let count = Glibc.read(process.output, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        guard count > 0 else { return [.ended("it ended")] }
        var lines: [[UInt8]] = []
        answers.take(buffer[..<count]) { lines.append($0) }
        var found: [Reading] = []
        for line in lines {
            do throws(PluginAnswer.Flaw) {
                let answer = try PluginAnswer(line)
                hasAnswered = true
                guard let item = take(answer.id, at: now) else {
                    if givenAway.remove(answer.id) != nil { continue }
                    return found + [.ended("an answer to nothing asked")]
                }
                found.append(.answer(item, answer))
            } catch {
                switch error {
                case .unreadable where answers.isTooLong: break
                case .unreadable: found.append(.unreadable(line))
                case .wrong: return found + [.ended("an answer that says nothing known")]
                }
            }
        }
        return answers.isTooLong ? found + [.ended("an answer that is too long")] : found
    }

    /// What it says on the side.
    func readErrors(into buffer: inout [UInt8]) -> [[UInt8]] {
        guard let process, hasErrors else { return [] }
        let count = Glibc.read(process.errors, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return [] }
        guard count > 0 else {
            hasErrors = false
            return []
        }
        var lines: [[UInt8]] = []
        asides.take(buffer[..<count]) { lines.append($0) }
        return lines
    }

    /// Whether it has not answered for so long.
    func isStalled(at now: Uptime, _ limits: PluginLimits) -> Bool {
        !inFlight.isEmpty && now - frontSince >= .milliseconds(limits.stallMilliseconds)
    }

    /// Gives up all questions but the first.
    func giveAway() -> [PluginItem] {
        let items = Array(inFlight.dropFirst())
        inFlight.removeLast(items.count)
        for item in items {
            givenAway.insert(item.id)
            item.attempts -= 1
        }
        return items
    }

    private func take(_ id: String, at now: Uptime) -> PluginItem? {
        guard let index = inFlight.firstIndex(where: { $0.id == id }) else { return nil }
        if index == 0 { frontSince = now }
        return inFlight.remove(at: index)
    }

    /// Lets the process and everything it was asked go.
    func release() -> (process: PluginProcess?, items: [PluginItem]) {
        defer {
            process = nil
            inFlight = []
            outbound = []
            written = 0
        }
        return (process, Array(inFlight))
    }
}
