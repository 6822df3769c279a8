// SPDX-License-Identifier: MIT
// Part of Rookery; see LICENSE.

import Testing

@testable import XStandIn

@Suite struct OAuthTests {
    private let basic = "c3RhbmRpbi1jbGllbnQ6c3RhbmRpbi1zZWNyZXQ="

    private func refresh(_ world: inout XWorld, _ token: String) -> XReply {
        world.form("/2/oauth2/token", "grant_type=refresh_token&refresh_token=\(token)", basic: basic)
    }

    @Test func `an access token lasts two hours of the world's time`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = try world.grant(ada)
        world.advance(by: .seconds(7_199))
        #expect(world.get("/2/users/me", as: tokens.access).status == 200)
        world.advance(by: .seconds(1))
        #expect(world.get("/2/users/me", as: tokens.access).status == 401)
    }

    @Test func `a refresh gives two new tokens, and the old access token stays good`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = try world.grant(ada)
        let reply = refresh(&world, tokens.refresh ?? "")
        #expect(reply.status == 200)
        #expect(reply.json?["token_type"] == "bearer")
        #expect(reply.json?["expires_in"] == 7_200)
        #expect(reply.json?["scope"] == "offline.access tweet.read users.read")
        let access = try #require(reply.json?["access_token"]?.string)
        #expect(reply.json?["refresh_token"]?.string != tokens.refresh)
        #expect(world.get("/2/users/me", as: access).status == 200)
        #expect(world.get("/2/users/me", as: tokens.access).status == 200)
    }

    @Test func `a refresh token that is sent twice ends its whole family`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = try world.grant(ada)
        let other = try world.grant(ada)
        let first = refresh(&world, tokens.refresh ?? "")
        let again = refresh(&world, tokens.refresh ?? "")
        #expect(again.status == 400)
        #expect(again.json?["error"] == "invalid_request")
        #expect(again.json?["error_description"] == "Value passed for the token was invalid.")
        #expect(world.get("/2/users/me", as: first.json?["access_token"]?.string).status == 401)
        #expect(refresh(&world, first.json?["refresh_token"]?.string ?? "").status == 400)
        #expect(world.get("/2/users/me", as: other.access).status == 200)
    }

    @Test func `a family can be let live`() throws {
        var (world, ada) = try XWorld.withAda()
        world.settings.killsFamilies = false
        let tokens = try world.grant(ada)
        let first = refresh(&world, tokens.refresh ?? "")
        #expect(refresh(&world, tokens.refresh ?? "").status == 400)
        #expect(refresh(&world, first.json?["refresh_token"]?.string ?? "").status == 200)
    }

    @Test func `a client with a secret must show it, and one without names itself`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = try world.grant(ada)
        let form = "grant_type=refresh_token&refresh_token=\(tokens.refresh ?? "")"
        let bare = world.form("/2/oauth2/token", form + "&client_id=standin-client")
        #expect(bare.status == 401)
        #expect(bare.json?["error"] == "unauthorized_client")
        #expect(bare.json?["error_description"] == "Missing valid authorization header")
        #expect(
            world.form("/2/oauth2/token", form, basic: Base64.url(Array("standin-client:wrong".utf8))).status
                == 401)
        let plain = try world.grant(ada, client: XWorld.publicClient)
        let form2 = "grant_type=refresh_token&refresh_token=\(plain.refresh ?? "")"
        #expect(world.form("/2/oauth2/token", form2 + "&client_id=standin-public").status == 200)
        #expect(refresh(&world, plain.refresh ?? "").status == 400)
    }

    @Test func `without offline access there is no refresh token, and it lasts half a year with it`() throws {
        var (world, ada) = try XWorld.withAda()
        #expect(try world.grant(ada, scopes: ["tweet.read"]).refresh == nil)
        let tokens = try world.grant(ada)
        world.advance(by: .seconds(15_552_000))
        #expect(refresh(&world, tokens.refresh ?? "").status == 400)
    }

    @Test func `a consent gives a code that is good once, for thirty seconds, with its verifier`() throws {
        var (world, ada) = try XWorld.withAda()
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        func code() -> String {
            let reply = world.get(
                "/i/oauth2/authorize?response_type=code&client_id=standin-client&redirect_uri=http://127.0.0.1/cb&state=a%20b"
                    + "&scope=tweet.read%20users.read%20offline.access&code_challenge_method=S256"
                    + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", as: nil)
            #expect(reply.status == 302)
            let location = reply[header: "location"] ?? ""
            #expect(location.hasPrefix("http://127.0.0.1/cb?state=a%20b&code="))
            return String(location.split(separator: "=").last ?? "")
        }
        func exchange(_ code: String, _ verifier: String) -> XReply {
            world.form(
                "/2/oauth2/token",
                "grant_type=authorization_code&code=\(code)&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcb&code_verifier=\(verifier)",
                basic: basic)
        }
        let good = code()
        #expect(exchange(good, "wrong").status == 400)
        let reply = exchange(good, verifier)
        #expect(reply.status == 200)
        #expect(reply.json?["refresh_token"] != nil)
        #expect(world.get("/2/users/me", as: reply.json?["access_token"]?.string).data?["id"]?.id == ada)
        #expect(exchange(good, verifier).status == 400)
        let late = code()
        world.advance(by: .seconds(30))
        #expect(exchange(late, verifier).status == 400)
    }

    @Test func `what is revoked is good no longer`() throws {
        var (world, ada) = try XWorld.withAda()
        let tokens = try world.grant(ada)
        #expect(
            world.form("/2/oauth2/revoke", "token=\(tokens.access)", basic: basic).json?["revoked"] == true)
        #expect(world.get("/2/users/me", as: tokens.access).status == 401)
        #expect(refresh(&world, tokens.refresh ?? "").status == 200)
        let others = try world.grant(ada)
        _ = world.form("/2/oauth2/revoke", "token=\(others.refresh ?? "")", basic: basic)
        #expect(world.get("/2/users/me", as: others.access).status == 401)
    }
}
