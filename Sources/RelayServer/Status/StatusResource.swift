// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOHTTP1
import NostrCore
import RelayTransport

/// What the page needs besides itself. Its address changes with its content, so it is kept for ever.
struct StatusResource: Sendable {
    let path: String
    let type: String
    let text: String

    init(_ name: String, type: String, _ text: String) {
        let version = String(Hex.string(SHA256.digest(Array(text.utf8)).bytes).prefix(12))
        path = "/status/\(version)/\(name)"
        self.type = type
        self.text = text
    }

    static let all = Dictionary(uniqueKeysWithValues: [style, script, icon].map { ($0.path, $0) })

    var response: HTTPResponse {
        HTTPResponse(
            contentType: type,
            headers: [
                "Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff",
            ],
            text: text)
    }

    /// A rook of chess, in the colour of the page.
    static let icon = StatusResource(
        "icon.svg", type: "image/svg+xml",
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>path{fill:#2f6f5e}\
        @media(prefers-color-scheme:dark){path{fill:#7cc7b0}}</style>\
        <path d="M7 4h4v4h3V4h4v4h3V4h4v9l-4 3v7l3 3v3H8v-3l3-3v-7l-4-3z"/></svg>

        """)

    /// Puts what is new in its place; what is not looked at is not listened for.
    static let script = StatusResource(
        "live.js", type: "text/javascript; charset=utf-8",
        """
        'use strict';
        const parts = document.querySelectorAll('[data-live]');
        const liveness = document.getElementById('liveness');
        let source = null, again = 0;

        function say(text, isLive) {
          liveness.textContent = text;
          liveness.className = isLive ? 'live' : 'lost';
        }

        function listen() {
          clearTimeout(again);
          source?.close();
          source = new EventSource('\(StatusPath.events)');
          source.onopen = () => say('Live.', true);
          source.onerror = () => {
            say('Not live: the relay does not answer. Trying again.', false);
            // A browser gives up after an answer it does not like, such as that too many listen.
            if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, 15000);
          };
          for (const part of parts) {
            source.addEventListener(part.id, (event) => { part.innerHTML = event.data; });
          }
        }

        function look() {
          if (document.hidden) {
            clearTimeout(again);
            source?.close();
          } else {
            listen();
          }
        }

        document.addEventListener('visibilitychange', look);
        addEventListener('pagehide', () => source?.close());
        addEventListener('pageshow', (event) => { if (event.persisted) look(); });
        look();

        """)
}
