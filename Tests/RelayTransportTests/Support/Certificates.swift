// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import NIOSSL
import TestSupport

/// A certificate authority of the test's own and a certificate for `relay.test` and 127.0.0.1, made by `openssl`.
struct Certificates {
    let directory: TemporaryDirectory
    var authorityFile: String { directory.file("ca.pem") }

    init() async throws {
        directory = try TemporaryDirectory("certificates")
        let extensions = try directory.write("subjectAltName=DNS:relay.test,IP:127.0.0.1\n", to: "san.cnf")
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=Test authority", "-keyout", directory.file("ca.key"), "-out", authorityFile)
        try await openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
            "/CN=relay.test",
            "-keyout", directory.file("server.key"), "-out", directory.file("server.csr"))
        try await openssl(
            "x509", "-req", "-in", directory.file("server.csr"), "-CA", authorityFile, "-CAkey",
            directory.file("ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", directory.file("server.pem"))
    }

    /// What a server shows.
    func serverContext() throws -> NIOSSLContext {
        try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile(directory.file("server.pem")).map {
                    .certificate($0)
                },
                privateKey: .privateKey(NIOSSLPrivateKey(file: directory.file("server.key"), format: .pem))))
    }

    private func openssl(_ arguments: String...) async throws {
        let process = try ChildProcess("/usr/bin/openssl", arguments)
        guard try await process.waitForExit() == .code(0) else {
            throw Failure(description: process.errors.text)
        }
    }

    struct Failure: Error, CustomStringConvertible { let description: String }
}
