import Crypto
import FoundationEssentials

/// The key that opens stored credentials; it lives in the environment of the processes and never in the database.
package struct MasterKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// Tells keys apart without giving one away: the first 8 bytes of its SHA-256, in 16 hexadecimal digits.
    package let id: String
    let key: SymmetricKey

    /// Reads `KAKEHASHI_MASTER_KEY`: base64 of 32 bytes (CONTRACT 2); white space around it is forgiven.
    package init(base64: String) throws(CredentialError) {
        let text = base64.trimmingPrefix(while: \.isWhitespace).reversed().trimmingPrefix(while: \.isWhitespace).reversed()
        guard let bytes = Data(base64Encoded: String(text)), bytes.count == 32 else { throw .masterKeyMalformed }
        self.key = SymmetricKey(data: bytes)
        self.id = SHA256.hash(data: bytes).prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    /// Its id, never the key.
    package var description: String { "master key \(self.id)" }
    /// Its id, never the key.
    package var customMirror: Mirror { Mirror(self, children: ["id": self.id]) }
}
