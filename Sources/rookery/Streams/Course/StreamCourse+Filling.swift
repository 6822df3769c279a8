// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import SyncPlanner

/// Finding out what was missed, and judging what comes.
extension StreamCourse {
    /// What was missed is found out once more.
    mutating func fillAgain() {
        talk.isFilled = false
        switch talk.filling {
        case .resting: talk.filling = .due(now)
        // What it finds may be too old by now.
        case .running, .preparing: talk.isDueAgain = true
        case .due: break
        }
    }

    mutating func fill(_ effects: inout [Effect]) {
        if talk.outbox.isOverfull, talk.outbox.isEmpty { fillAgain() }
        if let at = comparesAt, now >= at { talk.filling = .due(now) }
        guard case .due(let at) = talk.filling, now >= at, talk.isLiveOpen else { return }
        talk.isDueAgain = false
        talk.outbox.forgetOverflow()
        talk.filling = .preparing
        effects.append(.prepare)
    }

    /// When the relay is compared again; `nil`: not now, or not at all, as it does not reconcile.
    var comparesAt: Uptime? {
        guard case .resting(let since) = talk.filling, reconciles != false else { return nil }
        return since + limits.compares
    }

    mutating func prepared(_ preparation: Preparation, _ effects: inout [Effect]) {
        guard case .preparing = talk.filling else { return }
        switch preparation {
        case .set(let first, let count, let manners):
            talk.manners = manners
            run(SyncCourse(course(manners), first: first, local: count), .opened, &effects)
        case .tooMany(let manners):
            talk.manners = manners
            let reason = "our own set is larger than can be reconciled"
            run(SyncCourse(course(manners), first: "", local: 0), .openedWithoutSet(reason), &effects)
        case .noRoom(let manners):
            talk.manners = manners
            talk.filling = .due(now + limits.rest)
        }
    }

    private func course(_ manners: Manners) -> SyncCourse.Terms {
        // It brings what is there; what is lacking there goes through the outbox.
        var course = SyncCourse.Terms(
            filter: terms.filter, direction: takes ? .down : .up, isDry: !takes, limits: manners.limits,
            pages: manners.pages)
        if let covered, wall.seconds - covered.seconds <= self.limits.resumeWindow.components.seconds {
            course.pagesSince = covered.advanced(by: -self.limits.overlap.components.seconds)
        }
        return course
    }

    private mutating func run(
        _ course: SyncCourse, _ input: SyncCourse.Input, _ effects: inout [Effect]
    ) {
        talk.filling = .running(course)
        passOn(input, &effects)
    }

    mutating func stepped(_ found: SyncCourse.Found?, _ effects: inout [Effect]) {
        guard case .running = talk.filling else { return }
        var found = found
        if found != nil { reconciles = true }
        if gives { for id in found?.have ?? [] where !isSettled(id) { talk.outbox.add(id) } }
        found?.need.removeAll { unwanted.contains($0) || talk.came.contains($0) }
        passOn(.stepped(found), &effects)
    }

    /// Lets the back-fill go on, if one is under way.
    mutating func passOn(_ input: SyncCourse.Input, _ effects: inout [Effect]) {
        guard case .running(var course) = talk.filling else {
            if case .received(let messages) = input { noteStrays(messages, &effects) }
            return
        }
        let unasked = course.tally.unasked
        let steps = course.reduce(input, at: now)
        let strays = course.tally.unasked - unasked
        if strays > 0 {
            talk.strays += strays
            effects.append(.note(.arrived(.unasked, strays)))
        }
        talk.filling = .running(course)
        for step in steps {
            switch step {
            case .send(let message): effects.append(.send(message))
            case .step(let text): effects.append(.step(text))
            case .submit(let events, _): submit(events, .filling, &effects)
            // Where it needs a key, it waits for us to show it.
            case .sign, .load, .pauseReading, .resumeReading, .tell: break
            case .stop: filled(course, &effects)
            }
        }
        if case .running(let course) = talk.filling, course.authentication == .wanted,
            !talk.authentication.isUnderWay, !showKey(&effects)
        {
            failed("it does not let us", course.tally, &effects)
        }
    }

    /// Nobody asked for it.
    private mutating func noteStrays(_ messages: [RelayMessage], _ effects: inout [Effect]) {
        let strays = messages.count { if case .event = $0 { true } else { false } }
        guard strays > 0 else { return }
        // What was asked for by a back-fill that has failed is still on its way.
        if talk.failedFillings == 0 { talk.strays += strays }
        effects.append(.note(.arrived(.unasked, strays)))
    }

    /// The back-fill is over.
    private mutating func filled(_ course: SyncCourse, _ effects: inout [Effect]) {
        let tally = course.tally
        if let reason = course.cannotReconcile {
            reconciles = false
            if gives { effects.append(.note(.cannotReconcile(reason))) }
        }
        // Who is only sent events has nothing else to be asked for.
        let lacksNegentropyAlone = course.cannotReconcile != nil && !takes
        guard tally.failure == nil || lacksNegentropyAlone else {
            return failed(tally.failure ?? "", tally, &effects)
        }
        (talk.failedFillings, talk.isFilled) = (0, true)
        talk.hasGaps = tally.missing > 0 || gives && course.cannotReconcile != nil && !talk.isResumed
        talk.filling = talk.isDueAgain ? .due(now) : .resting(now)
        let isPaged = tally.method == .pages || lacksNegentropyAlone
        effects += [.dropSet, .note(.filled(isPaged ? .paged : .reconciled, tally))]
    }

    private mutating func failed(_ reason: String, _ tally: SyncTally, _ effects: inout [Effect]) {
        var tally = tally
        tally.failure = reason
        talk.failedFillings += 1
        effects += [.dropSet, .note(.filled(.failed, tally))]
        guard talk.failedFillings < limits.failedFillings else {
            return talk.failure = "what was missed cannot be found out: \(reason)"
        }
        talk.filling = .due(now + limits.rest * (1 << min(2 * talk.failedFillings, 10)))
    }

    // MARK: Our own door

    mutating func submit(_ events: [ParsedEvent], _ part: Part, _ effects: inout [Effect]) {
        let bytes = events.reduce(0) { $0 + $1.event.json.count }
        talk.unjudged[part, default: 0] += bytes
        effects.append(.submit(events, bytes: bytes, part))
        if !talk.isPaused, talk.unjudgedBytes >= limits.unjudgedBytes {
            talk.isPaused = true
            effects.append(.pauseReading)
        }
    }

    mutating func judged(_ part: Part, _ bytes: Int, _ report: ImportReport, _ effects: inout [Effect]) {
        talk.unjudged[part, default: 0] -= bytes
        for outcome in ImportReport.Outcome.allCases where report[outcome] > 0 {
            effects.append(.note(.arrived(StreamArrival(outcome), report[outcome])))
        }
        if let problem = report.problems.first { effects.append(.note(.notTaken(problem.reason))) }
        if let failure = report.failure {
            return talk.failure = "our own store takes nothing more: \(failure)"
        }
        if part == .filling { passOn(.judged(bytes: bytes, report), &effects) }
        guard talk.isPaused, talk.unjudgedBytes <= limits.unjudgedBytes / 2 else { return }
        talk.isPaused = false
        talk.freshAt = now
        effects.append(.resumeReading)
        passOn(.resumed, &effects)
    }
}

extension StreamArrival {
    init(_ outcome: ImportReport.Outcome) {
        self =
            switch outcome {
            case .stored: .stored
            case .ephemeral: .ephemeral
            case .duplicate: .duplicate
            case .superseded: .superseded
            case .held: .held
            case .refused, .malformed: .refused
            case .failed: .failed
            }
    }
}
