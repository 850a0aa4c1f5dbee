import Crypto
import FoundationEssentials
package import Sync

extension AccountKey {
    /// The text form in a length that fits into an index, whatever a company is called: itself, or its SHA-256.
    package var bounded: String {
        let text = self.text
        guard text.utf8.count > 900 else { return text }
        let digest = SHA256.hash(data: Data(text.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return "sha256:" + digest.joined()
    }
}
