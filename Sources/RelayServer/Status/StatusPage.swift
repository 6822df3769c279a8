// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport

/// What a browser sees at the relay's address: a function of what is told it.
struct StatusPage {
    let information: RelayInformation
    let report: StatusReport
    /// What of it changes while somebody looks.
    let sections: [StatusSection: HTML]
    /// Whether there is anything besides name and address; `false` where the operator does not want it shown.
    let isOpen: Bool
    /// As which the browser reached us, unless ``StatusReport/address`` says.
    let found: String

    var html: HTML {
        let name = ForeignText(most: 100).line(information.name.isEmpty ? "Rookery" : information.name)
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(name)</title>
            <link rel="icon" href="\(StatusResource.icon.path)">
            <link rel="stylesheet" href="\(StatusResource.style.path)">
            \(isOpen ? live : .none)
            </head><body>
            <header><h1>\(name)</h1>
            <p class="lead">\(ForeignText(most: 1_000).line(information.description))</p>
            \(isOpen ? block(.health) : .none)
            \(connecting)</header>
            <main>\(isOpen ? body : .none)</main>
            <footer><p>\(isOpen ? footer : .none)Rookery \(information.version)</p></footer>
            </body></html>

            """
    }

    /// Where a client connects: `wss` behind TLS, which ends before us.
    private var connecting: HTML {
        """
        <p class="connect"><span>This is a Nostr relay. Connect a client to</span>
        <code>\(report.address ?? found)</code></p>
        """
    }

    private var live: HTML {
        """
        <noscript><meta http-equiv="refresh" content="30"></noscript>
        <script src="\(StatusResource.script.path)" defer></script>
        """
    }

    private var footer: HTML {
        """
        <span id="liveness">As of \(StatusWords.moment(report.at)) UTC.</span>
        <noscript>Loaded again every 30 seconds.</noscript>
        <a href="\(StatusPath.json)">As JSON</a> ·\u{20}
        """
    }

    private var body: HTML {
        let parts: [HTML] = StatusSection.allCases.filter { $0 != .health && sections[$0] != nil }.map {
            part in
            """
            <section class="\(part.rawValue)" aria-labelledby="\(part.rawValue)-title">
            <h2 id="\(part.rawValue)-title">\(part.title)</h2>
            \(block(part))</section>

            """
        }
        return "\(parts)"
    }

    /// What is replaced when there is news. Tables may be wider than a telephone: they are scrolled by keys as well.
    private func block(_ part: StatusSection) -> HTML {
        let how: HTML =
            switch part {
            case .health: " role=\"status\""
            case .upstreams, .repositories:
                " class=\"wide\" role=\"region\" tabindex=\"0\" aria-labelledby=\"\(part.rawValue)-title\""
            case .figures, .rates, .queues, .problems: .none
            }
        return "<div id=\"\(part.rawValue)\" data-live\(how)>\(sections[part] ?? .none)</div>"
    }
}
