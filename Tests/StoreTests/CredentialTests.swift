import Testing

@testable import Store

/// Promise 12: secrets are encrypted at rest and are printed nowhere.
@Suite struct CredentialTests {
    private static let first = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    private static let second = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA="

    @Test(arguments: ["", "s3cret", "秘密 🔑 \u{0}", String(repeating: "x", count: 10_000)])
    func `promise 12: a sealed secret opens with its key, for its tenant and field only`(text: String) throws {
        let cipher = try CredentialCipher(environmentValue: Self.first)
        let sealed = try cipher.seal(Secret(text), tenant: "acme", field: "client_secret")
        #expect(try cipher.open(sealed, tenant: "acme", field: "client_secret").reveal() == text)
        #expect(throws: CredentialError.damaged) { try cipher.open(sealed, tenant: "beta", field: "client_secret") }
        #expect(throws: CredentialError.damaged) { try cipher.open(sealed, tenant: "acme", field: "token") }
    }

    @Test func `the same secret is never sealed the same way twice`() throws {
        let cipher = try CredentialCipher(environmentValue: Self.first)
        let sealed = try cipher.seal(Secret("s3cret"), tenant: "acme", field: "client_secret")
        #expect(try cipher.seal(Secret("s3cret"), tenant: "acme", field: "client_secret") != sealed)
        #expect(!String(decoding: sealed.box, as: UTF8.self).contains("s3cret"))
        #expect(sealed.box.count == 12 + 6 + 16)
    }

    @Test func `any change of a stored byte is noticed`() throws {
        let cipher = try CredentialCipher(environmentValue: Self.first)
        let sealed = try cipher.seal(Secret("s3cret"), tenant: "acme", field: "client_secret")
        for index in sealed.box.indices {
            var box = sealed.box
            box[index] ^= 1
            #expect(throws: CredentialError.damaged) {
                try cipher.open(SealedSecret(keyID: sealed.keyID, box: box), tenant: "acme", field: "client_secret")
            }
        }
        let cut = SealedSecret(keyID: sealed.keyID, box: [1, 2, 3])
        #expect(throws: CredentialError.damaged) { try cipher.open(cut, tenant: "acme", field: "client_secret") }
    }

    @Test func `a new key opens nothing that the old one sealed, until the old one is given beside it`() throws {
        let old = try CredentialCipher(environmentValue: Self.first)
        let sealed = try old.seal(Secret("s3cret"), tenant: "acme", field: "client_secret")
        let new = try CredentialCipher(environmentValue: Self.second)
        #expect(throws: CredentialError.sealedWithAnotherKey(keyID: old.currentKeyID)) {
            try new.open(sealed, tenant: "acme", field: "client_secret")
        }
        let both = try CredentialCipher(environmentValue: "\(Self.second), \(Self.first)\n")
        #expect(try both.open(sealed, tenant: "acme", field: "client_secret") == Secret("s3cret"))
        #expect(try both.seal(Secret("s3cret"), tenant: "acme", field: "client_secret").keyID == new.currentKeyID)
    }

    @Test func `a missing master key and one that is none are each one clear sentence without the value`() {
        for value in [nil, "", ","] {
            #expect(throws: CredentialError.masterKeyMissing) { try CredentialCipher(environmentValue: value) }
        }
        for value in ["hunter2", "AAECAwQ=", Self.first + Self.first] {
            let error = #expect(throws: CredentialError.self) { try CredentialCipher(environmentValue: value) }
            #expect(error == .masterKeyMalformed)
            #expect(error?.description.contains("base64 of exactly 32 bytes") == true)
            #expect(error?.description.contains(value) == false)
        }
    }

    @Test func `promise 12: a secret and a master key can't be printed, dumped or mirrored`() throws {
        let secret = Secret("s3cret")
        var dumped = ""
        dump([secret], to: &dumped)
        let key = try MasterKey(base64: Self.first)
        dump(key, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped, "\(key)", String(reflecting: key)] {
            #expect(!text.contains("s3cret") && !text.contains("AAEC"))
        }
    }
}
