/// Why a stored credential can't be kept or opened; each is one sentence for the operator, without any value.
package enum CredentialError: Error, Sendable, Equatable, CustomStringConvertible {
    /// There is no master key; nothing is ever stored in plain text instead.
    case masterKeyMissing
    /// What was given is not base64 of 32 bytes.
    case masterKeyMalformed
    /// The credential was sealed with another key, whose id is named.
    case sealedWithAnotherKey(keyID: String)
    /// The stored bytes were changed, cut, or belong to another tenant.
    case damaged

    /// One safe sentence.
    package var description: String {
        switch self {
        case .masterKeyMissing:
            "KAKEHASHI_MASTER_KEY is not set; it must be base64 of 32 bytes (openssl rand -base64 32), as credentials are never stored in plain text."
        case .masterKeyMalformed:
            "KAKEHASHI_MASTER_KEY is not valid: it must be base64 of exactly 32 bytes, for example from openssl rand -base64 32."
        case .sealedWithAnotherKey(let keyID):
            "KAKEHASHI_MASTER_KEY does not fit: the stored credentials were encrypted with another key (id \(keyID))."
        case .damaged:
            "The stored credentials can't be opened: they were changed or belong to another tenant; enter the client secret again."
        }
    }
}
