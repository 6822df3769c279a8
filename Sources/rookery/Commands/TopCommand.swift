// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import ArgumentParser
import Glibc
import NostrCore

/// `rookery top`
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Watch the running daemon: connections, rates, upstreams, slow queries.",
        discussion: """
            On a terminal a screen that is drawn again with every look; otherwise a line a look. Rates are those \
            since the look before, times are averages over that. A slow query is one whose stored events took more \
            than a quarter of a second to be sent; little work beside a long time means a slow client. Ends at \
            SIGINT; exit code 1 when no daemon runs on the data directory.
            """)

    @Option(help: ArgumentHelp("Between two looks.", valueName: "seconds"))
    var interval = 1.0

    @Flag(help: "One look, then end.")
    var once = false

    @Flag(help: "One JSON object a look.")
    var json = false

    @OptionGroup var options: ConfigOptions

    func validate() throws {
        guard (0.1...3600).contains(interval) else { throw ValidationError("--interval takes 0.1 … 3600") }
    }

    func run() throws {
        let directory = try options.settings().directory
        guard var client = try ControlClient.reach(directory) else {
            throw CommandFailure("\(directory.path): no daemon runs here")
        }
        var before = try Self.look(&client).activity
        while true {
            usleep(UInt32(interval * 1_000_000))
            let (activity, status) = try Self.look(&client)
            show(TopReport(before, activity, status))
            if once { return }
            before = activity
        }
    }

    private static func look(
        _ client: inout ControlClient
    ) throws(CommandFailure) -> (activity: Activity, status: DaemonStatus) {
        let answer = try client.ask(ControlRequest(command: .activity))
        guard let activity = answer.activity, let status = answer.status else {
            throw CommandFailure("the daemon's answer is not understood; is it of another version?")
        }
        return (activity, status)
    }

    private func show(_ report: TopReport) {
        if json { return Console.print(ControlCoding.line(report)) }
        let isScreen = isatty(STDOUT_FILENO) == 1
        guard isScreen || once else { return Console.say(report.line) }
        var size = winsize()
        let isKnown = isScreen && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let width = isKnown ? Int(size.ws_col) : 200
        var lines = report.lines(at: SystemClocks.now().seconds, width: width)
        if isKnown, !once { lines = Array(lines.prefix(max(1, Int(size.ws_row) - 1))) }
        let text = lines.joined(separator: "\n") + "\n"
        // To the upper left corner, and away with what is there.
        Console.print(Array(((once ? "" : "\u{1B}[H\u{1B}[2J") + text).utf8))
    }
}
