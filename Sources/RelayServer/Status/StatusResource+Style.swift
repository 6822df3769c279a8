// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

extension StatusResource {
    /// For screens of any width, by day and by night.
    static let style = StatusResource(
        "style.css", type: "text/css; charset=utf-8",
        """
        :root{color-scheme:light dark;--bg:#f7f7f4;--card:#fff;--ink:#1e2225;--dim:#616970;--line:#e3e3dc;--mark:#2f6f5e;
        --good:#23774e;--fair:#8a5a00;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--bg:#131517;--card:#1b1e21;--ink:#e4e6e7;--dim:#98a0a6;--line:#2c3135;--mark:#7cc7b0;
        --good:#5fc08d;--fair:#d9a548;--bad:#ef7c73}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:64rem;padding:2.5rem 1.25rem 1.5rem;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        h1{font-size:1.75rem;line-height:1.2;margin:0;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{font-size:.95rem;margin:0 0 .6rem;color:var(--dim);font-weight:600}
        .lead{margin:.35rem 0 1rem;color:var(--dim);overflow-wrap:anywhere}
        .health{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem 1.5rem;margin:0 0 1rem;padding:0}
        .health li::before,.problems li::before,.state::before{content:"";display:inline-block;width:.55em;height:.55em;
        border-radius:50%;margin-right:.5em;vertical-align:.08em;background:currentColor}
        li.good::before,.state.good::before{color:var(--good)}li.fair::before,.state.fair::before{color:var(--fair)}
        li.bad::before,.state.bad::before{color:var(--bad)}
        .health b{font-weight:600}
        .connect{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:baseline;margin:0;padding:.7rem 1rem;background:var(--card);
        border:1px solid var(--line);border-left:3px solid var(--mark);border-radius:.5rem}
        .connect code{font:600 1rem ui-monospace,monospace;color:var(--mark);overflow-wrap:anywhere;user-select:all}
        main{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem;margin:1rem 0}
        section{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:1rem;min-width:0}
        .figures,.upstreams,.repositories,.problems{grid-column:1/-1}
        .tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:1rem;margin:0}
        .tiles dt{color:var(--dim);font-size:.85rem}
        .tiles dd{margin:0;font-size:1.3rem;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em}
        .wide{overflow-x:auto}:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
        table{border-collapse:collapse;width:100%;font-size:.9rem}
        thead th{color:var(--dim);font-weight:500;font-size:.8rem;white-space:nowrap;vertical-align:bottom}
        th,td{text-align:left;padding:.4rem .75rem .4rem 0;vertical-align:baseline}
        tbody tr{border-top:1px solid var(--line)}.queues tbody tr:first-child{border-top:0}
        tbody th{font-weight:500}.wide td,.upstreams tbody th,.queues th{white-space:nowrap}
        .repositories tbody th{overflow-wrap:anywhere;min-width:11rem}.wide td.relays{white-space:normal;min-width:12rem}
        tbody th small{display:block;font-weight:400}
        small{color:var(--dim);font-size:.8rem}
        th.number,td.number{text-align:right;padding-right:1.25rem;font-variant-numeric:tabular-nums;white-space:nowrap}
        .upstreams thead th.number,.repositories thead th.number{white-space:normal}
        .relays{overflow-wrap:anywhere;color:var(--dim)}
        meter{width:100%;min-width:4rem;height:.5rem;vertical-align:middle}
        .queues td:nth-child(2){width:99%}.queues td.number{padding-right:0}
        .problems ul{list-style:none;margin:0;padding:0;font-size:.9rem}.problems li{padding:.25rem 0;overflow-wrap:anywhere}
        .problems b{font-weight:600}.empty,.more{color:var(--dim);font-size:.9rem;margin:.25rem 0 0}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        footer{color:var(--dim);font-size:.85rem}footer p{margin:0}a{color:var(--mark)}
        #liveness.live::before{content:"";display:inline-block;width:.55em;height:.55em;border-radius:50%;margin-right:.45em;background:var(--good)}
        #liveness.lost{color:var(--bad)}
        @media(max-width:44rem){body{padding:1.25rem .75rem 1rem}main{grid-template-columns:minmax(0,1fr);gap:.75rem;margin:.75rem 0}
        section{padding:.85rem}.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:.75rem}h1{font-size:1.45rem}}

        """)
}
