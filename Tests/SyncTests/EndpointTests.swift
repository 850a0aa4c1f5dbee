import Sync
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        "https://123-ABC-456.mktorest.com", "https://123-abc-456.mktorest.com/", "https://123-abc-456.mktorest.com/rest",
        "https://123-abc-456.mktorest.com/rest/", " HTTPS://123-ABC-456.MKTOREST.COM/REST \n", "123-abc-456.mktorest.com/rest",
        "https://123-abc-456.mktorest.com/identity", "https://123-abc-456.mktorest.com:443/rest", "https://123-abc-456.mktorest.com//rest//",
        "https://123-abc-456.mktorest.com./rest", "https://123-abc-456.mktorest.com/identity/oauth/token",
    ])
    func `R37 an endpoint is taken as an administrator copies it`(text: String) throws {
        let endpoint = try MarketoEndpoint(text, allowLocal: false)
        #expect(endpoint.base == "https://123-abc-456.mktorest.com")
        #expect(endpoint.restURL == "https://123-abc-456.mktorest.com/rest")
        #expect(endpoint.identityURL == "https://123-abc-456.mktorest.com/identity")
        #expect(endpoint.subscriptionAccount == "123-abc-456")
        #expect(try MarketoEndpoint(endpoint.description, allowLocal: false) == endpoint)
    }

    @Test(arguments: [
        ("", EndpointError.empty), ("  ", .empty), ("http://123.mktorest.com", .notSecure), ("ftp://123.mktorest.com", .unknownScheme),
        ("file:///etc/passwd", .unknownScheme), ("https://example.com/rest", .foreignHost), ("https://mktorest.com", .foreignHost),
        ("https://123.mktorest.com.example.com", .foreignHost), ("https://evilmktorest.com", .foreignHost),
        ("https://a.b.mktorest.com", .foreignHost),
        ("https://123.mktorest.com@example.com/rest", .hasUserInfo), ("https://u:p@123.mktorest.com", .hasUserInfo),
        ("https://123.mktorest.com/rest?x=1", .hasQuery), ("https://123.mktorest.com#x", .hasQuery), ("https://123.mktorest.com:8443", .foreignPort),
        ("https://123.mktorest.com/other", .foreignPath), ("https://123.mktorest.com/rest/../x", .foreignPath), ("https://127.0.0.1", .local),
        ("https://localhost/rest", .local), ("https://[::1]/rest", .local), ("https://simulator:8080", .local), ("https://10.0.0.1", .numericHost),
        ("https://169.254.169.254/rest", .numericHost), ("https://2130706433", .numericHost), ("https://0x7f000001", .numericHost),
        ("https://127.1", .numericHost), ("https://0177.0.0.1", .numericHost), ("https://[fe80::1]", .numericHost),
        ("https://[::ffff:127.0.0.1]", .numericHost), ("https://1.2.3.4.", .numericHost), ("https://", .malformed), ("https:///rest", .malformed),
        ("https://123.mktorest.com:", .malformed), ("https://123.mktorest.com:99999", .malformed), ("https://12 3.mktorest.com", .malformed),
        ("https://123.mktorest.com\\@example.com", .malformed), ("https://例え.mktorest.com", .malformed), ("https://%31.mktorest.com", .malformed),
        ("https://-.mktorest.com", .malformed), ("https://.mktorest.com", .malformed),
    ])
    func `an endpoint that is not the vendor's is refused with a sentence`(text: String, error: EndpointError) {
        #expect(throws: error) { try MarketoEndpoint(text, allowLocal: false) }
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080/rest", "http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://localhost:9000", "http://localhost:9000", "localhost:9000"),
        ("http://simulator/rest/", "http://simulator", "simulator:80"), ("https://[::1]:1", "https://[::1]:1", "[::1]:1"),
        ("http://123.mktorest.com", "http://123.mktorest.com", "123"),
    ])
    func `with local endpoints allowed loopback and http are permitted`(text: String, base: String, account: String) throws {
        let endpoint = try MarketoEndpoint(text, allowLocal: true)
        #expect(endpoint.base == base)
        #expect(endpoint.subscriptionAccount == account)
    }

    @Test(arguments: [
        "http://10.0.0.1", "http://169.254.169.254", "http://example.com", "http://2130706433", "ftp://127.0.0.1", "http://u@127.0.0.1",
    ])
    func `with local endpoints allowed other machines still are refused`(text: String) {
        #expect(throws: EndpointError.self) { try MarketoEndpoint(text, allowLocal: true) }
    }

    @Test func `each refusal is one sentence`() {
        for error in EndpointError.allCases {
            #expect(error.description.hasSuffix("."))
            #expect(!error.description.contains("\n"))
        }
    }
}
