// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import RelayTransport

/// What a browser sees at the relay's address.
struct StatusPage {
    let information: RelayInformation
    let statistics: RelayServerStatistics
    let storedEvents: Int?

    var html: String {
        let name = information.name.isEmpty ? "Rookery" : information.name
        let rows = [
            ("Software", "Rookery \(information.version)"),
            ("Events", storedEvents.map(String.init) ?? "unknown"),
            ("Connections", String(statistics.transport.openWebSockets)),
            ("Subscriptions", String(statistics.subscriptions)),
        ].map { "<tr><th>\(Self.escape($0))</th><td>\(Self.escape($1))</td></tr>" }.joined()
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escape(name))</title>
            <style>
            body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem;color:#222}
            th{text-align:left;padding-right:2rem;font-weight:500}h1{margin-bottom:.25rem}
            @media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}}
            </style></head><body>
            <h1>\(Self.escape(name))</h1><p>\(Self.escape(information.description))</p>
            <table>\(rows)</table>
            <p>This is a Nostr relay: connect to this address with a Nostr client.</p>
            </body></html>

            """
    }

    private static func escape(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
