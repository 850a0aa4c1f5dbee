/// The environment variables that are not flags.
package enum VariableName {
    /// libpq connection string or URI.
    package static let database = "DATABASE_URL"
    /// Base64 of the 32 bytes that encrypt stored credentials.
    package static let masterKey = "KAKEHASHI_MASTER_KEY"
    /// `1` permits `http://` and loopback vendor endpoints; for the demo and the tests.
    package static let allowLocalEndpoints = "KAKEHASHI_ALLOW_LOCAL_ENDPOINTS"
    /// A swift-log level, `trace` to `critical`.
    package static let logLevel = "LOG_LEVEL"
    /// `text` or `json`.
    package static let logFormat = "LOG_FORMAT"
}
