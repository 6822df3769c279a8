#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# Part of Rookery; see LICENSE.
"""Writes grafana-dashboard.json, which is this table with boxes around it.

    packaging/monitoring/dashboard.py > packaging/monitoring/grafana-dashboard.json

In an expression `@` stands for the labels that are chosen at the top, and `[~]` for the span of a rate.
"""
import json

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
CHOSEN = 'job=~"$job",instance=~"$instance"'


def p99(name):
    return f"histogram_quantile(0.99, sum by (instance, le) (rate({name}_bucket{{@}}[~])))"


def p50(name):
    return f"histogram_quantile(0.5, sum by (instance, le) (rate({name}_bucket{{@}}[~])))"


def rate(name, by=None, labels=""):
    labels = "@" + ("," + labels if labels else "")
    return f"sum by (instance{', ' + by if by else ''}) (rate({name}{{{labels}}}[~]))"


def full(what, bound):
    return f"{what}{{@}} / {bound}{{@}}"


UP_DOWN = [{"type": "value", "options": {"0": {"text": "ill", "color": "red", "index": 0},
                                         "1": {"text": "well", "color": "green", "index": 1}}}]
STATUS = [{"type": "value", "options": {
    "0": {"text": "disconnected", "color": "red", "index": 0}, "1": {"text": "connecting", "color": "yellow", "index": 1},
    "2": {"text": "syncing", "color": "blue", "index": 2}, "3": {"text": "connected", "color": "green", "index": 3},
    "4": {"text": "connected with gaps", "color": "orange", "index": 4}}}]
SHARE = [(None, "green"), (0.75, "yellow"), (0.9, "red")]

# Row, then panels: title, kind, unit, width of 24, [(expression, legend)], and what is special.
ROWS = [
    ("Health", [
        ("Relay", "stat", "none", 3, [("rookery_relay_healthy{@}", "{{instance}}")],
         {"mappings": UP_DOWN, "text": "Whether /healthz answers 200."}),
        ("Gathering", "stat", "none", 3, [("rookery_sync_healthy{@}", "{{instance}}")],
         {"mappings": UP_DOWN, "text": "Whether /healthz/sync answers 200."}),
        ("Bridge", "stat", "none", 3, [("rookery_bridge_healthy{@}", "{{instance}}")],
         {"mappings": UP_DOWN, "text": "Whether /healthz/bridge answers 200; empty without a bridge."}),
        ("Alerts", "stat", "none", 3, [('count(ALERTS{@,alertstate="firing"}) or vector(0)', "firing")],
         {"steps": [(None, "green"), (1, "red")]}),
        ("Up for", "stat", "s", 3, [("time() - process_start_time_seconds{@}", "{{instance}}")], {}),
        ("Version", "stat", "none", 3, [("rookery_build_info{@}", "{{version}}")], {"name": True}),
        ("Processor", "timeseries", "percentunit", 8, [("rate(process_cpu_seconds_total{@}[~])", "{{instance}}")],
         {"text": "1 is one whole core."}),
        ("Memory", "timeseries", "bytes", 8, [
            ("rookery_memory_anonymous_bytes{@}", "{{instance}} its own"),
            ("rookery_memory_file_bytes{@}", "{{instance}} of files, above all the store's map"),
            ("process_resident_memory_bytes{@}", "{{instance}} resident")],
         {"text": "The kernel takes pages of files back when it needs to; limits are about what is its own."}),
        ("Open files", "timeseries", "none", 8, [
            ("process_open_fds{@}", "{{instance}} open"), ("process_max_fds{@}", "{{instance}} may be open")], {}),
        ("Log lines lost", "timeseries", "none", 4, [("increase(rookery_log_lines_lost_total{@}[~])", "{{instance}}")], {}),
        ("How full", "timeseries", "percentunit", 20, [
            (full("rookery_ingest_queued_events", "rookery_ingest_max_queued_events"), "{{instance}} ingest"),
            (full("rookery_query_waiting", "rookery_query_max_waiting"), "{{instance}} queries"),
            (full("rookery_fanout_queue_items", "rookery_fanout_max_queue_items"), "{{instance}} live"),
            (full("rookery_relay_outbound_queue_bytes", "rookery_relay_max_outbound_queue_bytes"), "{{instance}} outbound"),
            (full("rookery_negentropy_held_bytes", "rookery_negentropy_max_held_bytes"), "{{instance}} negentropy"),
            (full("rookery_relay_connections", "rookery_relay_max_connections"), "{{instance}} connections"),
            (full("process_open_fds", "process_max_fds"), "{{instance}} files"),
            (full("rookery_sync_relays_tracked", "rookery_sync_max_relays"), "{{instance}} upstreams")],
         {"steps": SHARE, "text": "Queues and the like, as parts of what they may grow to."}),
    ]),
    ("Ingest", [
        ("Verdicts", "timeseries", "ops", 12, [(rate("rookery_ingest_events_total", "source, verdict"),
                                                "{{source}} {{verdict}}")],
         {"text": "Events judged at the one door, a second."}),
        ("Submission to verdict", "timeseries", "s", 6, [
            (p50("rookery_ingest_latency_seconds"), "{{instance}} half"),
            (p99("rookery_ingest_latency_seconds"), "{{instance}} 99 of 100")], {}),
        ("Commits", "timeseries", "s", 6, [
            (p50("rookery_ingest_batch_seconds"), "{{instance}} half"),
            (p99("rookery_ingest_batch_seconds"), "{{instance}} 99 of 100")],
         {"text": "One write transaction, fsync included."}),
        ("Events of a commit", "timeseries", "none", 6, [
            (rate("rookery_ingest_batch_events_sum") + " / " + rate("rookery_ingest_batch_events_count"),
             "{{instance}}")], {"text": "On the average."}),
        ("Signatures", "timeseries", "ops", 6, [(rate("rookery_ingest_signatures_verified_total"), "{{instance}}")], {}),
        ("Waiting", "timeseries", "none", 6, [
            ("rookery_ingest_queued_events{@}", "{{instance}} queued"),
            ("rookery_ingest_held_events{@}", "{{instance}} held for a referent")], {}),
        ("Failed commits", "timeseries", "none", 6, [
            ("increase(rookery_ingest_failed_batches_total{@}[~])", "{{instance}}")], {}),
    ]),
    ("Queries and live delivery", [
        ("Clients", "timeseries", "none", 8, [
            ("rookery_relay_connections{@}", "{{instance}} connections"),
            ("rookery_relay_subscriptions{@}", "{{instance}} subscriptions")], {}),
        ("Messages from clients", "timeseries", "ops", 8, [
            (rate("rookery_relay_client_messages_total", "verb"), "{{verb}}")], {}),
        ("Messages to clients", "timeseries", "ops", 8, [
            (rate("rookery_relay_messages_total", "verb"), "{{verb}}")], {}),
        ("REQ to EOSE", "timeseries", "s", 8, [
            (p50("rookery_query_latency_seconds"), "{{instance}} half"),
            (p99("rookery_query_latency_seconds"), "{{instance}} 99 of 100"),
            (p99("rookery_count_latency_seconds"), "{{instance}} COUNT, 99 of 100")], {}),
        ("Events of an answer", "timeseries", "none", 8, [
            (rate("rookery_query_result_events_sum") + " / " + rate("rookery_query_result_events_count"),
             "{{instance}}")], {"text": "Stored events that one REQ was answered with, on the average."}),
        ("Commit to subscriber", "timeseries", "s", 8, [
            (p50("rookery_fanout_latency_seconds"), "{{instance}} half"),
            (p99("rookery_fanout_latency_seconds"), "{{instance}} 99 of 100")], {}),
        ("Live events", "timeseries", "ops", 6, [(rate("rookery_fanout_deliveries_total"), "{{instance}}")], {}),
        ("Waiting", "timeseries", "none", 6, [
            ("rookery_query_waiting{@}", "{{instance}} queries"),
            ("rookery_fanout_queue_items{@}", "{{instance}} of the commit feed")], {}),
        ("Left behind", "timeseries", "ops", 6, [
            (rate("rookery_fanout_fell_behind_total"), "{{instance}} subscriptions that read on from the feed"),
            (rate("rookery_fanout_ephemeral_lost_total"), "{{instance}} ephemeral events lost")], {}),
        ("Traffic", "timeseries", "Bps", 6, [
            (rate("rookery_relay_received_bytes_total"), "{{instance}} in"),
            (rate("rookery_relay_sent_bytes_total"), "{{instance}} out")], {}),
        ("Conversations begun and ended", "timeseries", "ops", 8, [
            (rate("rookery_relay_connections_opened_total"), "begun"),
            (rate("rookery_relay_connections_closed_total", "reason"), "{{reason}}"),
            (rate("rookery_relay_connections_refused_total"), "refused")], {}),
        ("Slowed down or asked about", "timeseries", "ops", 8, [
            (rate("rookery_relay_rate_limited_total", "what"), "too fast: {{what}}"),
            (rate("rookery_relay_reads_judged_total", "answer"), "read {{answer}}")], {}),
        ("Reconciliations of clients", "timeseries", "ops", 8, [
            (rate("rookery_negentropy_rounds_total"), "rounds"),
            (rate("rookery_negentropy_refusals_total", "reason"), "refused: {{reason}}")],
         {"text": "Negentropy, NIP-77."}),
    ]),
    ("Sync and upstreams", [
        ("Upstreams", "timeseries", "none", 8, [
            ("rookery_sync_relays_tracked{@}", "{{instance}} tracked"),
            ("rookery_sync_relays_connected{@}", "{{instance}} connected"),
            ("sum by (instance, health) (rookery_sync_relays{@})", "{{health}}")], {}),
        ("Repositories followed", "stat", "none", 4, [("rookery_sync_repositories_followed{@}", "{{instance}}")], {}),
        ("Batches in flight", "stat", "none", 4, [("rookery_sync_pending_batches{@}", "{{instance}}")], {}),
        ("Gathered", "timeseries", "ops", 8, [(rate("rookery_sync_events_total", "source"), "{{source}}")],
         {"text": "Events newly stored, by what asked for them."}),
        ("Upstream by upstream", "state-timeline", "none", 24, [("rookery_sync_relay_status{@}", "{{relay}}")],
         {"mappings": STATUS}),
        ("Behind", "timeseries", "s", 8, [("rookery_sync_lag_seconds{@}", "{{relay}}")],
         {"text": "The age of the last moment up to which everything is here; 0 while it is followed live."}),
        ("Missing items", "timeseries", "none", 8, [("rookery_sync_missing_items{@} > 0", "{{relay}}")], {}),
        ("Connection attempts that failed", "timeseries", "ops", 8, [
            (rate("rookery_sync_connection_attempts_total", "relay", 'result="failure"') + " > 0", "{{relay}}")], {}),
        ("Dials that failed", "timeseries", "ops", 8, [
            (rate("rookery_sync_dial_failures_total", "class"), "{{class}}"),
            (rate("rookery_sync_dial_refusals_total", "reason") + " > 0", "not allowed: {{reason}}")], {}),
        ("Batches that failed", "timeseries", "ops", 8, [
            (rate("rookery_sync_batch_failures_total", "reason"), "{{reason}}")], {}),
        ("Not stored", "timeseries", "ops", 8, [
            (rate("rookery_sync_not_stored_total", "reason"), "{{reason}}"),
            (rate("rookery_sync_refused_events_total", "reason") + " > 0", "refused: {{reason}}")], {}),
        ("REQ to EOSE upstream", "timeseries", "s", 8, [
            (p50("rookery_sync_eose_latency_seconds"), "{{instance}} half"),
            (p99("rookery_sync_eose_latency_seconds"), "{{instance}} 99 of 100")], {}),
        ("Reconciled with upstreams", "timeseries", "ops", 8, [
            (rate("rookery_sync_negentropy_sessions_total"), "filters"),
            (rate("rookery_sync_negentropy_needed_total"), "events that were missing"),
            (rate("rookery_sync_negentropy_fallbacks_total", "reason") + " > 0", "paged instead: {{reason}}")], {}),
        ("Since the last audit", "timeseries", "s", 8, [
            ("time() - rookery_sync_last_audit_timestamp_seconds{@}", "{{relay}}")],
         {"text": "Once a day everything is asked for anew."}),
        ("Streams", "timeseries", "none", 8, [
            ("sum by (instance, stream, state) (rookery_stream_relays{@}) > 0", "{{stream}} {{state}}")], {}),
        ("Events of streams", "timeseries", "ops", 8, [
            (rate("rookery_stream_events_received_total", "stream, result"), "{{stream}} in: {{result}}"),
            (rate("rookery_stream_events_sent_total", "stream, result"), "{{stream}} out: {{result}}")], {}),
        ("Traffic of upstreams", "timeseries", "Bps", 8, [
            (rate("rookery_sync_received_bytes_total"), "gathering"),
            (rate("rookery_stream_bytes_total", "stream, direction"), "{{stream}} {{direction}}")], {}),
    ]),
    ("Store", [
        ("Events", "timeseries", "none", 8, [("rookery_store_events{@}", "{{instance}}")], {}),
        ("Commits", "timeseries", "ops", 8, [("rate(rookery_store_commit_sequence{@}[~])", "{{instance}}")], {}),
        ("Used", "timeseries", "bytes", 8, [("rookery_store_used_bytes{@}", "{{instance}}")], {}),
        ("Map", "gauge", "percentunit", 6, [
            (full("rookery_store_used_bytes", "rookery_store_map_size_bytes"), "{{instance}}")],
         {"steps": SHARE, "max": 1, "text": "Of store.map_size_gib: address space, not disk."}),
        ("Disk", "gauge", "percentunit", 6, [
            ("1 - " + full("rookery_disk_free_bytes", "rookery_disk_size_bytes"), "{{instance}}")],
         {"steps": SHARE, "max": 1, "text": "Of the file system that the data directory is on."}),
        ("Disk free", "timeseries", "bytes", 6, [("rookery_disk_free_bytes{@}", "{{instance}}")], {}),
        ("Retention", "timeseries", "ops", 6, [
            (rate("rookery_retention_removed_total", "reason"), "dropped for {{reason}}"),
            (rate("rookery_retention_failures_total"), "broken off")], {}),
    ]),
    ("Bridge", [
        ("Spent today", "gauge", "percentunit", 6, [
            (full("rookery_bridge_spent_today_microdollars", "rookery_bridge_spend_cap_microdollars"), "{{instance}}")],
         {"steps": SHARE, "max": 1, "text": "Of bridge.daily_spend_cap_usd."}),
        ("Money", "timeseries", "currencyUSD", 6, [
            ("sum by (instance, purpose) (increase(rookery_bridge_spent_microdollars_total{@}[1h])) / 1e6", "{{purpose}}")],
         {"text": "In the hour before."}),
        ("Posts", "timeseries", "none", 12, [
            ("increase(tweets_fetched_total{@}[1h])", "read"),
            ("sum by (instance, kind) (increase(rookery_bridge_events_total{@}[1h]))", "events of kind {{kind}}"),
            ("increase(rookery_bridge_left_out_total{@}[1h])", "left out"),
            ("increase(rookery_bridge_taken_back_total{@}[1h])", "taken back"),
            ("sum by (instance, act) (increase(rookery_bridge_rehearsed_total{@}[1h]))", "dry run: {{act}}")],
         {"text": "In the hour before."}),
        ("Requests to X", "timeseries", "ops", 8, [
            (rate("rookery_bridge_requests_total", "result"), "{{result}}"),
            (rate("rookery_bridge_faults_total"), "faults of our own")], {}),
        ("X's activity stream", "state-timeline", "none", 8, [
            ("rookery_bridge_stream_connected{@}", "{{instance}} stream"),
            ("rookery_bridge_inbox_connected{@}", "{{instance}} Redis")],
         {"mappings": [{"type": "value", "options": {"0": {"text": "gone", "color": "red", "index": 0},
                                                     "1": {"text": "connected", "color": "green", "index": 1}}}]}),
        ("Sent on", "timeseries", "ops", 8, [
            (rate("rookery_bridge_deliveries_total", "result"), "relays: {{result}}"),
            (rate("rookery_bridge_webhook_messages_total", "result"), "webhooks: {{result}}"),
            (rate("writer_actions_processed_total", "action"), "X: {{action}}")], {}),
        ("Media", "timeseries", "none", 8, [
            ("sum by (instance, outcome) (increase(rookery_bridge_media_total{@}[1h]))", "{{outcome}}")],
         {"text": "In the hour before."}),
        ("Decided elsewhere", "timeseries", "none", 8, [
            ("increase(rookery_bridge_nostr_decisions_total{@}[1h])", "over Nostr"),
            ("sum by (instance, result) (increase(rookery_bridge_inbox_items_total{@}[1h]))", "from Redis: {{result}}")],
         {"text": "In the hour before."}),
        ("Outbound worker waits", "timeseries", "s", 8, [("writer_worker_backoff_seconds{@}", "{{instance}}")], {}),
    ]),
]


def steps(pairs):
    return {"mode": "absolute", "steps": [{"value": value, "color": color} for value, color in pairs]}


def panel(number, place, title, kind, unit, targets, extra):
    defaults = {"unit": unit, "min": 0, "thresholds": steps(extra.get("steps", [(None, "green")]))}
    if "max" in extra:
        defaults["max"] = extra["max"]
    if "mappings" in extra:
        defaults["mappings"] = extra["mappings"]
    result = {
        "id": number, "type": kind, "title": title, "datasource": SOURCE, "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [{
            "refId": chr(ord("A") + index), "datasource": SOURCE, "legendFormat": legend,
            "expr": expression.replace("@", CHOSEN).replace("[~]", "[$__rate_interval]"),
        } for index, (expression, legend) in enumerate(targets)],
    }
    if "text" in extra:
        result["description"] = extra["text"]
    if kind == "timeseries":
        defaults["custom"] = {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 8, "showPoints": "never"}
        result["options"] = {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
                             "tooltip": {"mode": "multi", "sort": "desc"}}
    elif kind == "stat":
        result["options"] = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
                             "colorMode": "background" if "mappings" in extra else "value", "graphMode": "none",
                             "textMode": "name" if extra.get("name") else "auto", "justifyMode": "auto",
                             "orientation": "auto"}
    elif kind == "state-timeline":
        result["options"] = {"showValue": "auto", "rowHeight": 0.8, "mergeValues": True,
                             "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
                             "tooltip": {"mode": "single", "sort": "none"}}
    elif kind == "gauge":
        result["options"] = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
                             "showThresholdLabels": False, "showThresholdMarkers": True, "orientation": "auto"}
    return result


def panels():
    """Rows one below the other; panels fill lines of 24."""
    result, top, number = [], 0, 1
    for row, members in ROWS:
        result.append({"id": number, "type": "row", "title": row, "collapsed": False, "panels": [],
                       "gridPos": {"x": 0, "y": top, "w": 24, "h": 1}})
        top, left, tallest, number = top + 1, 0, 0, number + 1
        for title, kind, unit, width, targets, extra in members:
            height = 5 if kind == "stat" and width < 4 else 8
            if left + width > 24:
                top, left, tallest = top + tallest, 0, 0
            place = {"x": left, "y": top, "w": width, "h": height}
            result.append(panel(number, place, title, kind, unit, targets, extra))
            left, tallest, number = left + width, max(tallest, height), number + 1
        top += tallest
    return result


def variable(name, label, query):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "query": query,
            "refresh": 2, "multi": True, "includeAll": True, "sort": 1, "hide": 0, "skipUrlSync": False,
            "current": {"text": "All", "value": "$__all"}}


DASHBOARD = {
    "uid": "rookery", "title": "Rookery", "tags": ["nostr", "rookery"], "timezone": "browser", "editable": True,
    "description": "A Nostr relay that gathers git repositories, and its bridge.",
    "graphTooltip": 1, "refresh": "30s", "schemaVersion": 36, "time": {"from": "now-6h", "to": "now"},
    "templating": {"list": [
        {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "hide": 0,
         "skipUrlSync": False, "multi": False, "includeAll": False},
        variable("job", "Job", "label_values(rookery_build_info, job)"),
        variable("instance", "Instance", 'label_values(rookery_build_info{job=~"$job"}, instance)')]},
    "annotations": {"list": [
        {"name": "Starts", "datasource": SOURCE, "enable": True, "iconColor": "blue",
         "expr": f"changes(process_start_time_seconds{{{CHOSEN}}}[1m]) > 0"}]},
    "panels": panels(),
}


def text(dashboard):
    """As JSON, a panel a line, so that a change shows as one."""
    lines = []
    for key, value in dashboard.items():
        if key == "panels":
            members = ",\n".join("  " + json.dumps(member, ensure_ascii=False) for member in value)
            lines.append(f' "panels": [\n{members}\n ]')
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}"


if __name__ == "__main__":
    print(text(DASHBOARD))
