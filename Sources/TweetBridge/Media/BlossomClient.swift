// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import AsyncHTTPClient
public import NIOCore
import NIOHTTP1
public import NostrCore
import RelayTransport
public import TweetCore

/// Brings blobs to Blossom servers: to the first by `PUT /upload`, to the others by having them copy it from there
/// (BUD-04). What a server says of it must fit; ``BlossomUpload`` decides, this performs.
public final class BlossomClient: Sendable {
    /// What became of a blob at one server.
    public struct Result: Hashable, Sendable {
        public var server: String
        public var outcome: Outcome

        public enum Outcome: Hashable, Sendable {
            case stored(BlobDescriptor)
            case failed(BlossomUpload.Failure)
        }
    }

    private let files: BlobFiles
    let client: HTTPClient
    let limits: MediaLimits
    let now: @Sendable () -> Timestamp
    let manners = BlossomManners()

    /// - Parameter caFile: a PEM file of authorities that are trusted besides the system's.
    public init(
        _ files: BlobFiles, group: any EventLoopGroup, limits: MediaLimits, caFile: String? = nil,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.files = files
        self.limits = limits
        self.now = now
        client = HTTPClient(eventLoopGroup: group, configuration: .plain(limits, caFile: caFile))
    }

    /// Ends what is under way.
    public func shutdown() async {
        do { try await client.shutdown() } catch {
            // It was ended before.
            return
        }
    }

    /// Brings one blob to servers, in the order of trust: the first that has it is where the others copy it from.
    ///
    /// Repeatable: a server that has it says so.
    /// - Parameters:
    ///   - servers: their URLs; what follows the host is dropped.
    ///   - known: where it is already, if it is anywhere.
    ///   - key: signs that they may store it.
    /// - Throws: ``BlobError`` when there is no such file here.
    public func upload(
        _ file: MediaFile, to servers: [String], from known: String? = nil, signing key: SecretKey
    ) async throws(BlobError) -> [Result] {
        let content = try await BlobWriter.aside { [files] () throws(BlobError) in try files.open(file.hash) }
        var (results, source, rest) = ([Result](), known, servers[...])
        while source == nil, let server = rest.popFirst() {
            let outcome = await bring(file, content, to: server, from: nil, key)
            results.append(Result(server: server, outcome: outcome))
            if case .stored(let descriptor) = outcome { source = descriptor.url }
        }
        let copied = await withTaskGroup(of: (Int, Result).self) { [source] group in
            for (place, server) in rest.enumerated() {
                group.addTask {
                    let outcome = await self.bring(file, content, to: server, from: source, key)
                    return (place, Result(server: server, outcome: outcome))
                }
            }
            var copied: [(Int, Result)] = []
            for await result in group { copied.append(result) }
            return copied.sorted { $0.0 < $1.0 }.map(\.1)
        }
        return results + copied
    }

    private func bring(
        _ file: MediaFile, _ content: HTTPFile, to server: String, from source: String?, _ key: SecretKey
    ) async -> Result.Outcome {
        guard let server = BlossomAddress(server) else { return .failed(.refused) }
        if let descriptor = await present(file, at: server) { return .stored(descriptor) }
        var upload = BlossomUpload(file, from: source, spelling: manners[server.base])
        while true {
            let answer = await ask(upload.step, upload.spelling, file, content, server, key)
            if case .status(401) = answer {} else { manners[server.base] = upload.spelling }
            switch upload.take(answer) {
            case .ask: continue
            case .stored(let descriptor): return .stored(descriptor)
            case .failed(let failure): return .failed(failure)
            }
        }
    }

    /// What the server has of it already, as far as its answer to `HEAD` shows. Small files are sent without asking.
    private func present(_ file: MediaFile, at server: BlossomAddress) async -> BlobDescriptor? {
        guard file.size >= limits.askedFirst else { return nil }
        let url = "\(server.base)/\(file.sha256).\(FileType.ending(of: file.type))"
        var question = HTTPClientRequest(url: url)
        question.method = .HEAD
        guard let answer = try? await client.execute(question, timeout: .seconds(limits.idleSeconds)),
            answer.status == .ok, answer.headers.first(name: "Content-Length") == "\(file.size)"
        else { return nil }
        return BlobDescriptor(url: url, sha256: file.sha256, size: file.size, type: file.type, uploaded: 0)
    }

    private func ask(
        _ step: BlossomUpload.Step, _ spelling: Base64, _ file: MediaFile, _ content: HTTPFile,
        _ server: BlossomAddress, _ key: SecretKey
    ) async -> BlossomUpload.Answer {
        let patience = limits.patience(for: file.size)
        let token = BlossomToken.unsigned(
            .upload, [file.sha256], servers: [server.domain], author: key.publicKey, at: now(),
            for: patience + 60, content: "Upload blob \(file.sha256)"
        ).signed(by: key)
        var question: HTTPClientRequest
        switch step {
        case .mirror(let url):
            question = HTTPClientRequest(url: "\(server.base)/mirror")
            var body = Array(#"{"url":"#.utf8)
            JSONText.appendQuoted(url, to: &body)
            question.body = .bytes(ByteBuffer(bytes: body + Array("}".utf8)))
            question.headers.add(name: "Content-Type", value: "application/json")
        case .put:
            let header = BlossomToken.header(token, spelling)
            if let refusal = await refusal(of: file, at: server, header) { return .status(refusal) }
            question = HTTPClientRequest(url: "\(server.base)/upload")
            question.body = .stream(FilePieces(file: content), length: .known(file.size))
            question.headers.add(name: "Content-Type", value: file.type)
            question.headers.add(name: "X-SHA-256", value: file.sha256)
        }
        question.method = .PUT
        question.headers.add(name: "Authorization", value: BlossomToken.header(token, spelling))
        return await answer(to: question, within: .seconds(patience))
    }

    /// Why the server would not take a long file (BUD-06): then it is not sent in vain, and the answer is not lost among what
    /// is sent. What else it says, and whether it knows the question, does not matter.
    private func refusal(of file: MediaFile, at server: BlossomAddress, _ token: String) async -> Int? {
        guard file.size >= limits.askedFirst else { return nil }
        var question = HTTPClientRequest(url: "\(server.base)/upload")
        question.method = .HEAD
        question.headers = [
            "Authorization": token, "X-SHA-256": file.sha256, "X-Content-Type": file.type,
            "X-Content-Length": "\(file.size)",
        ]
        guard let answer = try? await client.execute(question, timeout: .seconds(limits.idleSeconds)),
            [401, 402, 403, 413, 415, 429].contains(answer.status.code)
        else { return nil }
        return Int(answer.status.code)
    }

    private func answer(to question: HTTPClientRequest, within time: TimeAmount) async -> BlossomUpload.Answer
    {
        do {
            let answer = try await client.execute(question, timeout: time)
            guard answer.status == .ok || answer.status == .created else {
                return .status(Int(answer.status.code))
            }
            return .done(
                DescriptorReading.read(try await answer.body.collect(upTo: DescriptorReading.maxLength)))
        } catch is NIOTooManyBytesError {
            return .done(nil)
        } catch {
            return .none
        }
    }
}
