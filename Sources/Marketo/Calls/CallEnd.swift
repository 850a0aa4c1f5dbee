/// How one request ended: what was answered, and which token it went with.
struct CallEnd<Record: Sendable>: Sendable {
    let answer: Result<Envelope<Record>, MarketoError>
    let token: AccessToken

    init(_ answer: Result<Envelope<Record>, MarketoError>, token: AccessToken) {
        self.answer = answer
        self.token = token
    }
}
