// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Foundation
import NostrCore
import TestSupport
import Testing

extension Conformance {
    /// Who may read what is the operator's to say, in the file or by a script.
    @Suite struct ReadPolicyTests {
        private let directory: TemporaryDirectory
        private let author = Author()

        init() throws { directory = try TemporaryDirectory("read-policy") }

        private func serve(_ config: String) async throws -> RookeryProcess {
            try await RookeryProcess.serve(dataDirectory: directory.file("data"), config: config)
        }

        private func reload(_ relay: RookeryProcess, _ config: String) throws {
            try config.write(toFile: directory.file("data.toml"), atomically: true, encoding: .utf8)
            relay.process.signal(SIGHUP)
        }

        private func requiresAuthentication(_ relay: RookeryProcess) async throws -> Bool? {
            let answer = try await relay.get("/", headers: ["Accept": "application/nostr+json"])
            let document = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
            return (document?["limitation"] as? [String: Any])?["auth_required"] as? Bool
        }

        @Test func `readers show a key, from a reload on, and NIP-11 says so`() async throws {
            let relay = try await serve("")
            let writer = try await NostrClient.connect(to: relay.port)
            let note = author.event()
            try await writer.store(note)
            #expect(try await requiresAuthentication(relay) == false)
            try reload(relay, "[relay.policy]\nreads_need_auth = true")
            try await eventually("NIP-11 says so") { try await requiresAuthentication(relay) == true }
            let reader = try await NostrClient.connect(to: relay.port)
            let asked = try await reader.ask(#"["REQ","a",{"kinds":[1]}]"#)
            let challenge = asked.text(1) ?? ""
            #expect(asked.verb == "AUTH")
            #expect(try await reader.next().text(2)?.hasPrefix("auth-required: ") == true)
            #expect(try await reader.ask(#"["COUNT","a",{"kinds":[1]}]"#).verb == "CLOSED")
            #expect(try await reader.authenticate(Author().proof(challenge, to: relay.url)).accepted)
            #expect(try await reader.find([note]) == [note.id.hex])
            // Whoever writes need not.
            try await writer.store(author.event(content: "more"))

            try reload(relay, "[relay.policy]\nreaders = [\"\(author.hex)\"]")
            try await eventually("a list is in force") {
                let answer = try await reader.ask(#"["REQ","b",{"kinds":[1],"limit":0}]"#)
                return answer.text(2)?.hasPrefix("restricted: ") == true
            }
            #expect(try await requiresAuthentication(relay) == true)
            let listed = try await NostrClient.connect(to: relay, as: author)
            #expect(try await listed.find([note]) == [note.id.hex])
            try await relay.stop()
        }

        @Test func `a plugin that knows requests narrows and refuses them, stored and live`() async throws {
            let script = try directory.write(
                """
                import sys, json
                for line in sys.stdin:
                    q = json.loads(line)
                    if q["type"] == "req":
                        said = {"id": q["id"], "action": "accept"}
                        kinds = [f.get("kinds") for f in q["filters"]]
                        if [7] in kinds: said.update(action="reject", msg="restricted: no reactions")
                        elif [8] in kinds: said.update(action="shadowReject")
                        elif [9] in kinds: said.update(filters=[{"kinds": "9"}])
                        elif [10] in kinds: said.update(filters=[{}])
                        elif None in kinds: said.update(filters=[dict(f, kinds=[1]) for f in q["filters"]])
                    else: said = {"id": q["event"]["id"], "action": "accept"}
                    print(json.dumps(said), flush=True)
                """, to: "plugin.py")
            let relay = try await serve(
                "[relay.plugin]\ncommand = \"exec \(try Python.path()) \(script)\"\nreads = true")
            let (client, writer) = (
                try await NostrClient.connect(to: relay.port), try await NostrClient.connect(to: relay.port)
            )
            let (note, like) = (author.event(), author.event(7, content: "+"))
            try await writer.store(note, like)
            #expect(try await client.subscribe("all", "{}") == [note.id.hex])
            #expect(try await client.count() == 1)
            #expect(try await client.refusal(of: #"{"kinds":[7]}"#) == "restricted: no reactions")
            #expect(try await client.subscribe("shadow", #"{"kinds":[8]}"#).isEmpty)
            for more in [9, 10] {
                #expect(try await client.refusal(of: #"{"kinds":[\#(more)]}"#).hasPrefix("error: "))
            }
            let (hidden, shadowed, live) = (
                author.event(7, content: "-"), author.event(8), author.event(content: "live")
            )
            try await writer.store(hidden, shadowed, live)
            try await client.expectLive(live, on: "all")
            try await client.send(#"["CLOSE","all"]"#)
            try await client.expectSilence()
            let judged = try await relay.metrics()
            #expect(judged[#"rookery_relay_reads_judged_total{answer="narrowed"}"#] == 4)
            #expect(judged[#"rookery_relay_reads_judged_total{answer="refused"}"#] == 2)
            try await relay.stop()
        }
    }
}
