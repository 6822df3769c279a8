// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NostrCore
import Testing
import TweetCore

@Suite struct BlossomUploadTests {
    private static let file = MediaFile(hash: SHA256.digest([1, 2, 3]), size: 3, type: "image/png")
    private static let source = "https://a.test/x.png"

    private static func descriptor(size: Int64 = 3, sha256: String = file.sha256) -> BlobDescriptor {
        BlobDescriptor(url: source, sha256: sha256, size: size, type: "image/png", uploaded: 1)
    }

    private func outcomes(from source: String?, _ answers: [BlossomUpload.Answer]) -> [BlossomUpload.Outcome]
    {
        var upload = BlossomUpload(Self.file, from: source, spelling: .url)
        return answers.map { upload.take($0) }
    }

    @Test func `a server without a source is sent the file, and must tell of it`() {
        #expect(outcomes(from: nil, [.done(Self.descriptor())]) == [.stored(Self.descriptor())])
        let shouted = Self.descriptor(sha256: Self.file.sha256.uppercased())
        #expect(outcomes(from: nil, [.done(shouted)]) == [.stored(shouted)])
        for wrong in [
            nil, Self.descriptor(size: 4), Self.descriptor(sha256: String(repeating: "0", count: 64)),
        ] {
            #expect(outcomes(from: nil, [.done(wrong)]) == [.failed(.wrongBlob)])
        }
    }

    @Test(arguments: [400, 403, 404, 405, 409, 500, 501, 502])
    func `a server that does not copy is sent the file`(status: Int) {
        let after: [BlossomUpload.Outcome] = [.ask(.put), .stored(Self.descriptor())]
        #expect(outcomes(from: Self.source, [.status(status), .done(Self.descriptor())]) == after)
    }

    @Test func `a copy of something else is replaced by the file`() {
        let after: [BlossomUpload.Outcome] = [.ask(.put), .failed(.wrongBlob)]
        #expect(outcomes(from: Self.source, [.done(Self.descriptor(size: 4)), .done(nil)]) == after)
    }

    @Test func `401 changes the spelling once, for this server`() {
        var upload = BlossomUpload(Self.file, from: Self.source, spelling: .url)
        #expect(upload.take(.status(401)) == .ask(.mirror(Self.source)) && upload.spelling == .standard)
        #expect(upload.take(.status(401)) == .failed(.unauthorized))
        upload = BlossomUpload(Self.file, from: nil, spelling: .standard)
        #expect(upload.take(.status(401)) == .ask(.put) && upload.spelling == .url)
    }

    @Test(arguments: [
        (402, BlossomUpload.Failure.payment), (413, .tooLong), (415, .wrongType), (429, .limited),
        (503, .unreachable),
    ]) func `what the file would meet as well ends it`(status: Int, failure: BlossomUpload.Failure) {
        #expect(outcomes(from: Self.source, [.status(status)]) == [.failed(failure)])
        #expect(outcomes(from: nil, [.status(status)]) == [.failed(failure)])
    }

    @Test func `who does not answer is asked another time`() {
        #expect(outcomes(from: Self.source, [.none]) == [.failed(.unreachable)])
        #expect(BlossomUpload.Failure.unreachable.isTransient && !BlossomUpload.Failure.payment.isTransient)
    }
}
