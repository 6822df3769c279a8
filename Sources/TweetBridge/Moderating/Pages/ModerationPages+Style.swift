// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension ModerationPages {
    /// One style sheet, for screens of any width, by day and by night.
    static let style = """
        :root{color-scheme:light dark;--bg:#f5f5f2;--card:#fff;--ink:#1d1f21;--dim:#62686e;--line:#dcdcd6;--link:#1857b6;
        --ok:#1a7f4b;--no:#b3261e;--hold:#8a5a00;--warn:#fdf0d5;--good:#e2f4ea;--bad:#fbe4e2}
        @media(prefers-color-scheme:dark){:root{--bg:#141618;--card:#1d2023;--ink:#e6e7e8;--dim:#9aa1a8;--line:#33383d;--link:#8ab4f8;
        --ok:#2f9e63;--no:#d9534a;--hold:#b7832a;--warn:#3a2f17;--good:#173326;--bad:#3d1c1a}}
        *{box-sizing:border-box}[hidden]{display:none!important}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        a{color:var(--link);overflow-wrap:anywhere}
        header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.6rem 1rem;
        background:var(--card);border-bottom:1px solid var(--line)}
        header nav{display:flex;gap:.75rem;align-items:center}header button{padding:.2rem .6rem;font-size:.875rem}
        footer{color:var(--dim);font-size:.8rem;text-align:center;padding:1rem}
        .brand{font-weight:700;color:inherit;text-decoration:none}
        .who small,.hint,time,.action{color:var(--dim);font-size:.875rem}
        main{max-width:56rem;margin:0 auto;padding:1rem}
        h1{font-size:1.35rem;margin:.5rem 0 1rem;display:flex;flex-wrap:wrap;gap:.5rem;align-items:baseline;overflow-wrap:anywhere}
        h2{font-size:1rem;margin:1.5rem 0 .5rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;margin:0 0 .75rem}
        .narrow{max-width:24rem;margin:3rem auto}
        .narrow form,.narrow div{display:grid;gap:.6rem}
        .narrow .or{text-align:center;color:var(--dim);margin:.25rem}
        input,select,button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:.375rem;
        padding:.45rem .7rem;min-width:0}
        button{cursor:pointer;font-weight:600}
        button.approve{background:var(--ok);border-color:var(--ok);color:#fff}
        button.reject{background:var(--no);border-color:var(--no);color:#fff}
        button.hold{background:var(--hold);border-color:var(--hold);color:#fff}
        button.plain{background:transparent}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px}
        .tabs{display:flex;gap:.25rem;overflow-x:auto;scrollbar-width:none;border-bottom:1px solid var(--line);margin-bottom:.75rem}
        .tabs a{padding:.5rem .75rem;text-decoration:none;color:var(--dim);white-space:nowrap;border-bottom:3px solid transparent}
        .tabs a[aria-current]{color:var(--ink);font-weight:600;border-color:var(--link)}
        .filters{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin-bottom:1rem}
        .filters input{flex:1 1 8rem}
        .items{list-style:none;margin:0;padding:0}
        .item{display:flex;gap:.75rem;align-items:flex-start}
        .item>input{width:1.25rem;height:1.25rem;margin:.2rem 0 0;flex:none}
        .what{flex:1;min-width:0}
        .head{display:flex;flex-wrap:wrap;gap:.25rem .6rem;align-items:baseline;margin:0 0 .35rem;overflow-wrap:anywhere}
        .text{white-space:pre-wrap;overflow-wrap:anywhere;overflow:hidden;margin:0 0 .35rem;unicode-bidi:isolate}
        .content{border-left:3px solid var(--line);padding-left:.75rem;margin:.75rem 0}
        details summary{cursor:pointer;color:var(--dim)}
        .hits{margin:0}.hits:empty{display:none}
        .chip{display:inline-block;font-size:.8rem;background:var(--warn);border-radius:.25rem;padding:0 .4rem;margin-right:.25rem;overflow-wrap:anywhere}
        .state{font-size:.8rem;font-weight:600;border-radius:1rem;padding:.05rem .6rem;background:var(--warn)}
        .state.approved,.state.executed{background:var(--good)}.state.rejected,.state.failed{background:var(--bad)}
        mark.hidden{background:var(--bad);color:inherit;border-radius:.2rem;padding:0 .2rem;font:.75rem monospace}
        .decide{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;position:sticky;bottom:0;box-shadow:0 -2px 8px #0002}
        .decide input[name=reason]{flex:1 1 12rem}
        .buttons{display:flex;gap:.5rem}
        .notice{background:var(--good);border-radius:.5rem;padding:.6rem 1rem;margin:0 0 1rem;overflow-wrap:anywhere}
        .notice.problem{background:var(--bad)}
        p.problem{color:var(--no);margin:0}.notice.problem{color:inherit}
        .empty{color:var(--dim);padding:1.5rem 0}
        .pager{display:flex;justify-content:space-between;gap:1rem;padding:.5rem 0}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.5rem 0 0;font-size:.925rem}
        dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
        blockquote{margin:.5rem 0;padding:.25rem .75rem;border-left:3px solid var(--line)}
        .media{padding:0;margin:.5rem 0;list-style:none}.media li{margin-bottom:.5rem}
        .media img{display:block;max-width:100%;max-height:20rem;border-radius:.375rem;margin-bottom:.25rem}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;font-size:.9rem;width:100%}
        td{border-top:1px solid var(--line);padding:.35rem .6rem .35rem 0;vertical-align:top}
        .tags td:first-child{width:5rem;padding-right:.75rem}.tags code{margin-right:.75rem}
        .trail{list-style:none;margin:0;padding:0}
        .trail li{display:flex;flex-wrap:wrap;gap:.2rem .75rem;align-items:baseline;border-top:1px solid var(--line);padding:.4rem 0}
        .trail .text{flex-basis:100%;color:var(--dim)}
        code{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}
        @media(max-width:36rem){main{padding:.75rem}.decide .buttons{width:100%}.decide button{flex:1}
        dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}header{padding:.6rem .75rem;gap:.4rem}header nav{gap:.5rem}header button{padding:.2rem .4rem}.tabs a{padding:.5rem .55rem}}

        """

    /// Signing in with a key (NIP-07, NIP-98): shown only where the browser has one.
    static let script = """
        "use strict";
        (() => {
          const box = document.getElementById("by-key"), button = document.getElementById("sign");
          const problem = document.getElementById("sign-problem");
          const look = (left) => {
            if (window.nostr) { box.hidden = false; }
            else if (left > 0) { setTimeout(() => look(left - 1), 200); }
          };
          look(10);
          button.addEventListener("click", async () => {
            problem.textContent = "";
            button.disabled = true;
            try {
              const url = location.origin + "/moderation/sign-in";
              const event = await window.nostr.signEvent({
                kind: 27235, created_at: Math.floor(Date.now() / 1000), content: "",
                tags: [["u", url], ["method", "POST"]],
              });
              const answer = await fetch(url, {
                method: "POST", headers: { "Authorization": "Nostr " + btoa(JSON.stringify(event)) },
              });
              if (!answer.ok) { throw new Error((await answer.text()).slice(0, 200)); }
              location.assign(button.dataset.to);
            } catch (error) {
              problem.textContent = String(error && error.message || error);
              button.disabled = false;
            }
          });
        })();

        """
}
