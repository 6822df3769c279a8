// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct MediaHostTests {
    private func world(_ bytes: Int = 100) throws -> (XWorld, path: String) {
        var world = XWorld()
        let file = XFile(contentType: "image/jpeg", bytes: (0..<bytes).map { UInt8(truncatingIfNeeded: $0) })
        let key = try world.addMedia(XMediaDraft(file: file))
        return (world, "/media/" + (world.media[key]?.path ?? ""))
    }

    private func range(_ world: inout XWorld, _ path: String, _ range: String) -> XReply {
        world.answer(XRequest("GET", path, headers: ["range": range]))
    }

    @Test func `a file is served whole, without a token, with its type`() throws {
        var (world, path) = try world()
        let reply = world.get(path, as: nil)
        #expect(reply.status == 200)
        #expect(reply[header: "content-type"] == "image/jpeg")
        #expect(reply[header: "accept-ranges"] == "bytes")
        #expect(reply.body.count == 100)
        #expect(path.hasSuffix(".jpg"))
        #expect(world.get("/media/none.jpg", as: nil).status == 404)
        #expect(world.send("POST", path).status == 405)
    }

    @Test func `a range is served as such`() throws {
        var (world, path) = try world()
        for (asked, told, bytes) in [
            ("bytes=0-9", "bytes 0-9/100", 0..<10), ("bytes=90-", "bytes 90-99/100", 90..<100),
            ("bytes=-5", "bytes 95-99/100", 95..<100), ("bytes=50-1000", "bytes 50-99/100", 50..<100),
        ] as [(String, String, Range<UInt8>)] {
            let reply = range(&world, path, asked)
            #expect(reply.status == 206)
            #expect(reply[header: "content-range"] == told)
            #expect(reply.body == Array(bytes))
        }
        let outside = range(&world, path, "bytes=100-")
        #expect(outside.status == 416)
        #expect(outside[header: "content-range"] == "bytes */100")
        for odd in ["bytes=5-1", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4"] {
            #expect(range(&world, path, odd).status == 200)
        }
    }

    @Test func `a file can be forbidden, gone, a page, of another type, or not heed a range`() throws {
        var (world, path) = try world()
        for (effect, status) in [(XFault.Effect.status(403), 403), (.status(404), 404), (.html(200), 200)] {
            try world.add(XFault(effect, path: path))
            let reply = world.get(path, as: nil)
            #expect(reply.status == status)
            #expect(reply.body.count != 100)
            #expect(world.get(path, as: nil).body.count == 100)
        }
        try world.add(XFault(.contentType("text/plain"), path: path))
        #expect(world.get(path, as: nil)[header: "content-type"] == "text/plain")
        try world.add(XFault(.wholeFile, path: path))
        let whole = range(&world, path, "bytes=10-19")
        #expect(whole.status == 200)
        #expect(whole.body.count == 100)
        try world.add(XFault(.empty, path: path))
        #expect(world.get(path, as: nil).body.isEmpty)
    }

    @Test func `the links of media lead to the media host, wherever that is said to be`() throws {
        var (world, path) = try world()
        world.address = "http://127.0.0.1:1234"
        #expect(world.mediaURL("a.jpg") == "http://127.0.0.1:1234/media/a.jpg")
        world.settings.mediaBase = "https://pbs.test"
        #expect(world.mediaURL("a.jpg") == "https://pbs.test/media/a.jpg")
        #expect(world.get(path, as: nil).status == 200)
        #expect(world.get("/media/default_normal.png", as: nil).body.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    }

    @Test func `a t.co link leads on`() throws {
        var (world, ada) = try XWorld.withAda()
        let id = try world.post("https://example.org/page", by: ada)
        let code = try #require(world.posts[id]?.links.first?.code)
        for request in [
            XRequest("GET", "/t.co/\(code)"), XRequest("HEAD", "/t.co/\(code)"),
            XRequest("GET", "/\(code)", headers: ["host": "t.co"]),
        ] {
            let reply = world.answer(request)
            #expect(reply.status == 301)
            #expect(reply[header: "location"] == "https://example.org/page")
        }
        #expect(world.get("/t.co/unknown", as: nil).status == 404)
        world.settings.shortLinkBase = "http://127.0.0.1:1/t.co/"
        let here = try world.post("https://example.org/page", by: ada)
        #expect(world.posts[here]?.text.hasPrefix("http://127.0.0.1:1/t.co/") == true)
    }
}
