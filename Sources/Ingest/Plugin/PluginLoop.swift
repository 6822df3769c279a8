// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Glibc
import NostrCore

/// Asks the plugin's processes and takes their answers, several at once, on one thread of its own.
///
/// Nothing in here waits but `poll`. A process that is silent for too long, ends, or says what cannot be is ended; what it had not looked
/// at is asked of another.
final class PluginLoop {
    private let inbox: PluginInbox
    private let limits: PluginLimits
    private var settings: PluginSettings
    private var voice: PluginVoice
    private var workers: [PluginWorker] = []
    private var waiting = PluginQueue()
    private var leaving: [(process: PluginProcess, killedAt: Uptime)] = []
    /// By then everything is answered, one way or the other.
    private var end: Uptime?
    private var script = PluginScript()
    private var nextLook = Uptime.zero
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(_ inbox: PluginInbox, _ settings: PluginSettings, _ limits: PluginLimits, _ voice: PluginVoice) {
        self.inbox = inbox
        self.settings = settings
        self.limits = limits
        self.voice = voice
        makeWorkers()
    }

    /// Works until the inbox is closed and everything is answered.
    func run() {
        while true {
            let now = Ingest.systemUptime()
            let isClosed = takeInbox(at: now)
            if isClosed, waiting.isEmpty, workers.allSatisfy(\.inFlight.isEmpty) { return leave() }
            expire(at: now)
            look(at: now)
            retire(at: now)
            relieve(at: now)
            distribute(at: now)
            poll(for: patience(at: Ingest.systemUptime()))
        }
    }

    private func makeWorkers() {
        while workers.count < settings.processes { workers.append(PluginWorker(limits)) }
    }

    private func takeInbox(at now: Uptime) -> Bool {
        let news = inbox.take()
        for item in news.items {
            item.waitsUntil = now + timeout
            waiting.append(item)
        }
        if let hurry = news.hurry { end = min(end ?? now + hurry, now + hurry) }
        if let changed = news.settings, changed != settings {
            let isOther = changed.command != settings.command || changed.reads != settings.reads
            settings = changed
            makeWorkers()
            for (index, worker) in workers.enumerated() where isOther || index >= settings.processes {
                worker.isStale = true
            }
        }
        return news.isClosed
    }

    private var timeout: Duration { settings.timeout }

    private func timeout(of worker: PluginWorker) -> Duration {
        worker.hasAnswered ? timeout : max(timeout, .milliseconds(limits.startMilliseconds))
    }

    /// Gives up what has waited too long, and processes that do not answer.
    private func expire(at now: Uptime) {
        let isOver = end.map { $0 <= now } == true
        for item in waiting.takeExpired(at: isOver ? nil : now) { item.answer(nil) }
        for worker in workers where !worker.inFlight.isEmpty {
            if now - worker.frontSince >= timeout(of: worker) || isOver {
                finish(worker, "no answer in time", isToBlame: true, at: now)
            }
        }
        voice.breathe(at: now)
    }

    /// Whether the script is another one by now.
    private func look(at now: Uptime) {
        guard now >= nextLook else { return }
        nextLook = now + .milliseconds(limits.lookMilliseconds)
        if script.hasChanged(settings.command) { for worker in workers { worker.isStale = true } }
    }

    /// Ends what is no longer wanted and buries what has ended.
    private func retire(at now: Uptime) {
        for worker in workers where worker.isStale && worker.inFlight.isEmpty && worker.process != nil {
            voice.tell(.ended(process: worker.pid, reason: "it is replaced"), at: now)
            dismiss(worker.release().process, at: now)
            worker.isStale = false
            worker.startsAt = now
        }
        // What is no longer wanted goes with its process, so that nobody counts on it.
        for index in workers.indices.dropFirst(settings.processes).reversed()
        where workers[index].process == nil {
            workers.remove(at: index)
        }
        for index in leaving.indices where leaving[index].killedAt <= now {
            leaving[index].process.signal(SIGKILL)
        }
        leaving.removeAll { $0.process.reap() }
    }

    private func dismiss(_ process: PluginProcess?, at now: Uptime) {
        guard let process else { return }
        process.signal(SIGTERM)
        leaving.append((process, now + .milliseconds(limits.graceMilliseconds)))
    }

    /// Ends a process that failed. The first question is the one it failed at when `isToBlame`; others are asked again.
    private func finish(_ worker: PluginWorker, _ reason: String, isToBlame: Bool, at now: Uptime) {
        voice.tell(.ended(process: worker.pid, reason: reason), at: now)
        let (process, items) = worker.release()
        dismiss(process, at: now)
        worker.failures += 1
        worker.startsAt = now + backoff(worker.failures)
        for (index, item) in items.enumerated().reversed() {
            if item.attempts >= limits.attempts || (isToBlame && index == 0) {
                item.answer(nil)
            } else {
                item.waitsUntil = now + timeout
                waiting.prepend(item)
            }
        }
    }

    private func backoff(_ failures: Int) -> Duration {
        let time = limits.backoffMilliseconds << Int64(min(failures - 1, 20))
        return .milliseconds(min(time, limits.longestBackoffMilliseconds))
    }

    /// Hands out what waits, to the processes that have least to do.
    private func distribute(at now: Uptime) {
        guard !settings.command.isEmpty else {
            while let item = waiting.popFirst() { item.answer(nil) }
            return
        }
        while !waiting.isEmpty, let worker = idlest(at: now), let item = waiting.popFirst() {
            worker.ask(item, at: now)
        }
        for worker in workers where worker.hasOutbound {
            if !worker.write() { finish(worker, "it does not read", isToBlame: false, at: now) }
        }
    }

    /// Whoever gets the next question: of those that answer, the one with least to do; `nil` when it is better kept.
    private func idlest(at now: Uptime) -> PluginWorker? {
        let wanted = workers.prefix(settings.processes)
        let best =
            wanted.filter { $0.hasRoom(limits) && !$0.isStalled(at: now, limits) }
            .min { $0.inFlight.count < $1.inFlight.count }
        if let best, best.inFlight.isEmpty { return best }
        for worker in wanted where worker.process == nil && worker.startsAt <= now {
            do throws(SystemFailure) {
                try worker.start(settings, limits)
                voice.tell(.started(process: worker.pid), at: now)
                return worker
            } catch {
                voice.tell(.notStarted(error.description), at: now)
                worker.failures += 1
                worker.startsAt = now + backoff(worker.failures)
            }
        }
        return best
    }

    /// Takes what lies behind a question that takes long away from there, once somebody else has nothing to do.
    private func relieve(at now: Uptime) {
        guard waiting.isEmpty, workers.contains(where: { isIdle($0, at: now) }) else { return }
        for worker in workers where worker.inFlight.count > 1 && worker.isStalled(at: now, limits) {
            for item in worker.giveAway().reversed() {
                item.waitsUntil = now + timeout
                waiting.prepend(item)
            }
        }
    }

    private func isIdle(_ worker: PluginWorker, at now: Uptime) -> Bool {
        worker.process == nil ? worker.startsAt <= now : worker.inFlight.isEmpty && !worker.isStale
    }

    /// How long nothing is due.
    private func patience(at now: Uptime) -> Duration {
        var due: [Uptime] = leaving.map(\.killedAt) + [end, waiting.waitsUntil].compactMap { $0 }
        for worker in workers {
            if !worker.inFlight.isEmpty { due.append(worker.frontSince + timeout(of: worker)) }
            let isStalled = worker.isStalled(at: now, limits)
            if worker.inFlight.count > 1, !isStalled {
                due.append(worker.frontSince + .milliseconds(limits.stallMilliseconds))
            }
            if worker.process == nil, !waiting.isEmpty { due.append(worker.startsAt) }
            // Looked at now and then, so that a script that changed is started anew before it is asked.
            if worker.process != nil { due.append(nextLook) }
        }
        if !leaving.isEmpty { due.append(now + .milliseconds(50)) }
        return max(.zero, (due.min() ?? now + .seconds(60)) - now)
    }

    private func poll(for patience: Duration) {
        var ends = [pollfd(fd: inbox.bell, events: Int16(POLLIN), revents: 0)]
        var owners: [(worker: PluginWorker, part: Int)] = []
        for worker in workers {
            guard let process = worker.process else { continue }
            ends.append(pollfd(fd: process.output, events: Int16(POLLIN), revents: 0))
            owners.append((worker, 1))
            if worker.hasErrors {
                ends.append(pollfd(fd: process.errors, events: Int16(POLLIN), revents: 0))
                owners.append((worker, 2))
            }
            if worker.hasOutbound {
                ends.append(pollfd(fd: process.input, events: Int16(POLLOUT), revents: 0))
                owners.append((worker, 0))
            }
        }
        let milliseconds = Int32(clamping: Int(patience / .milliseconds(1)) + 1)
        guard Glibc.poll(&ends, nfds_t(ends.count), milliseconds) > 0 else { return }
        if ends[0].revents != 0 { inbox.silence() }
        let now = Ingest.systemUptime()
        for (end, owner) in zip(ends.dropFirst(), owners) where end.revents != 0 {
            switch owner.part {
            case 0:
                if !owner.worker.write() {
                    finish(owner.worker, "it does not read", isToBlame: false, at: now)
                }
            case 1: hear(owner.worker, at: now)
            default:
                for line in owner.worker.readErrors(into: &buffer) {
                    voice.tell(.said(PluginVoice.plain(line)), at: now)
                }
            }
        }
    }

    private func hear(_ worker: PluginWorker, at now: Uptime) {
        for reading in worker.read(into: &buffer, at: now) {
            switch reading {
            case .answer(let item, let answer):
                worker.failures = 0
                item.answer(answer)
            case .unreadable(let line):
                voice.tell(.unreadable(PluginVoice.plain(line.prefix(limits.loggedBytes))), at: now)
            case .ended(let reason):
                let isToBlame = reason != "it ended"
                return finish(worker, reason, isToBlame: isToBlame, at: now)
            }
        }
    }

    /// Ends every process, and waits for that as long as it takes to be killed.
    private func leave() {
        let now = Ingest.systemUptime()
        for worker in workers { dismiss(worker.release().process, at: now) }
        while !leaving.isEmpty {
            retire(at: Ingest.systemUptime())
            if !leaving.isEmpty { _ = Glibc.poll(nil, 0, 5) }
        }
    }
}
