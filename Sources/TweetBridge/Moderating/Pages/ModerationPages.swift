// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport
import TweetCore

/// The moderation page in HTML: what is shown is a function of what is given.
struct ModerationPages: Sendable {
    var limits = ModerationLimits()

    /// Who is looking.
    struct Reader: Hashable, Sendable {
        var name: String
        var role: ModeratorRole
        /// Goes with every form.
        var formToken: String

        var mayDecide: Bool { role >= .moderator }
    }

    /// What a page says above everything else.
    enum Notice: Hashable, Sendable {
        case done(String)
        case problem(String)

        var html: HTML {
            switch self {
            case .done(let text): "<p class=\"notice\" role=\"status\">\(text)</p>"
            case .problem(let text): "<p class=\"notice problem\" role=\"alert\">\(text)</p>"
            }
        }
    }

    /// What is around every page.
    func frame(_ title: String, reader: Reader?, notice: Notice?, _ body: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>\(title) · Moderation</title>
        <link rel="stylesheet" href="\(ModerationPath.style.text)">
        </head><body>
        <header><a class="brand" href="\(ModerationPath.root)">Moderation</a>\(reader.map(menu) ?? .none)</header>
        <main>\(notice?.html ?? .none)
        \(body)
        </main><footer>All times are UTC.</footer></body></html>

        """
    }

    private func menu(_ reader: Reader) -> HTML {
        """
        <nav><a href="\(ModerationPath.trail.text)">Trail</a>
        \(reader.role >= .admin ? "<a href=\"\(ModerationPath.moderators.text)\">Moderators</a>" : .none)
        <span class="who">\(reader.name) <small>\(reader.role.rawValue)</small></span>
        <form method="post" action="\(ModerationPath.signOut.text)">\(token(reader))<button class="plain">Sign out</button></form></nav>
        """
    }

    func token(_ reader: Reader) -> HTML {
        "<input type=\"hidden\" name=\"form\" value=\"\(reader.formToken)\">"
    }

    /// One message and nothing else.
    func message(_ title: String, _ text: String, reader: Reader?) -> HTML {
        frame(
            title, reader: reader, notice: nil,
            "<h1>\(title)</h1><p>\(text)</p><p><a href=\"\(ModerationPath.root)\">To the list</a></p>")
    }

    /// - Parameter target: where to go then.
    func signIn(_ target: String, notice: Notice?) -> HTML {
        frame(
            "Sign in", reader: nil, notice: notice,
            """
            <section class="card narrow"><h1>Sign in</h1>
            <form method="post" action="\(ModerationPath.signIn.text)">
            <input type="hidden" name="to" value="\(target)">
            <label for="token">Token</label>
            <input id="token" name="token" type="password" autocomplete="current-password" required maxlength="200" autofocus>
            <button class="approve">Sign in</button></form>
            <div id="by-key" hidden><p class="or">or</p>
            <button id="sign" class="plain" type="button" data-to="\(target)">Sign in with a Nostr key</button>
            <p id="sign-problem" class="problem" role="alert"></p></div>
            <p class="hint">Tokens are made with <code>rookery bridge moderator token NAME</code>.</p>
            </section><script src="\(ModerationPath.script.text)" defer></script>
            """)
    }

    /// `2026-11-22 14:51` (UTC).
    func moment(_ milliseconds: Int64) -> HTML {
        let text = UTCMoment.text(milliseconds)
        return
            "<time datetime=\"\(text)\">\(text.prefix(10).description) \(text.dropFirst(11).prefix(5).description)</time>"
    }

    func state(_ state: ModerationState) -> HTML {
        "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
    }

    func hits(_ names: [String]) -> HTML {
        let chips: [HTML] = names.prefix(20).map {
            "<span class=\"chip\">\(ForeignText(most: 100).line($0))</span>"
        }
        return "\(chips)"
    }

    /// The buttons and the reason under a form whose items are chosen otherwise.
    func verdicts(_ verdicts: [ModerationDecision.Verdict]) -> HTML {
        let buttons: [HTML] = [ModerationDecision.Verdict.approve, .hold, .reject].filter(verdicts.contains)
            .map { verdict in
                "<button class=\"\(verdict.rawValue)\" name=\"verdict\" value=\"\(verdict.rawValue)\">\(verdict.label)</button>"
            }
        return """
            <input name="reason" maxlength="\(ModerationBounds.reasonCharacters)" placeholder="Reason, for the trail" aria-label="Reason">
            <span class="buttons">\(buttons)</span>
            """
    }
}

extension ModerationDecision.Verdict {
    var label: String {
        switch self {
        case .approve: "Approve"
        case .reject: "Reject"
        case .hold: "Hold"
        }
    }
}

extension ModerationState {
    var label: String {
        switch self {
        case .pending: "Pending"
        case .held: "Held"
        case .approved: "Approved"
        case .rejected: "Rejected"
        case .executed: "Executed"
        case .failed: "Failed"
        }
    }
}
