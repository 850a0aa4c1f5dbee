import NIOCore
import Testing

@testable import Simulator

@Suite(.timeLimit(.minutes(10))) struct IdentityTests {
    private let query = "grant_type=client_credentials&client_id=\(APIClient.standard.id)&client_secret=\(APIClient.standard.secret)"
    private let path = "/identity/oauth/token"

    @Test func `GET, POST with a query and POST with a form all give the same token`() {
        var instance = InstanceUnderTest()
        let token = instance.token
        #expect(instance.json("GET", "\(self.path)?\(self.query)")["access_token"]?.text == token)
        #expect(instance.json("POST", "\(self.path)?\(self.query)")["access_token"]?.text == token)
        let form = instance.json("POST", self.path, self.query, type: "application/x-www-form-urlencoded")
        #expect(form["access_token"]?.text == token)
        #expect(form.members?.map(\.name) == ["access_token", "token_type", "expires_in", "scope"])
        #expect(form["scope"] == .string(APIClient.standard.user))
    }

    @Test func `a new token has 3599 s, the same token counts down, and a new one comes when it has run out`() {
        var instance = InstanceUnderTest()
        #expect(instance.json("GET", "\(self.path)?\(self.query)")["expires_in"]?.integer == 3_599)
        instance.pass(seconds: 75)
        #expect(instance.json("GET", "\(self.path)?\(self.query)")["expires_in"]?.integer == 3_524)
        instance.pass(seconds: 3_525)
        let next = instance.json("GET", "\(self.path)?\(self.query)")
        #expect(next["access_token"]?.text != instance.token && next["expires_in"]?.integer == 3_599)
    }

    @Test func `wrong credentials are HTTP 401 with invalid_client`() {
        var instance = InstanceUnderTest()
        let answer = instance.answer("GET", "\(self.path)?grant_type=client_credentials&client_id=x&client_secret=y")
        #expect(answer.status == 401)
        #expect(String(buffer: answer.body) == #"{"error":"invalid_client","error_description":"Bad client credentials"}"#)
    }

    @Test func `a token that has run out is 602 once and 601 from then on; none at all is 600`() {
        var instance = InstanceUnderTest()
        instance.pass(seconds: 3_600)
        #expect(instance.code() == "602")
        #expect(instance.code() == "601")
        #expect(instance.code() == "601")
        instance.token = nil
        #expect(instance.code() == "600")
        instance.token = "made:up"
        #expect(instance.code() == "601")
    }

    @Test func `two clients of one user have tokens of their own`() {
        var instance = InstanceUnderTest()
        var other = APIClient.standard
        other.id = "second"
        instance.world.identity.put(other)
        #expect(instance.newToken(client: other) != instance.token)
    }

    @Test func `a missing permission is 603 on what needs it and on nothing else`() {
        var instance = InstanceUnderTest()
        var client = APIClient.standard
        client.permissions = [.readLead]
        instance.world.identity.put(client)
        #expect(instance.code() == nil)
        #expect(instance.code("POST", "/rest/v1/leads.json", #"{"input":[{"email":"a@b.jp"}]}"#) == "603")
        #expect(instance.code("GET", "/rest/v1/activities/types.json") == "603")
        #expect(instance.code("GET", "/rest/v1/stats/usage.json") == nil)
    }

    @Test func `identity calls and refused tokens count against nothing`() {
        var instance = InstanceUnderTest()
        instance.token = "made:up"
        for _ in 1...5 { _ = instance.code() }
        #expect(instance.world.desk.report.counted == 0)
        #expect(instance.world.desk.report.identityCalls == 1)
    }
}
