/// A secret as it is stored: unreadable without the master key.
package struct SealedSecret: Sendable, Equatable {
    /// Which master key opens it.
    package let keyID: String
    /// AES-GCM: 12 bytes nonce, the ciphertext, 16 bytes tag.
    package let box: [UInt8]

    /// As it came from, or goes to, the database.
    package init(keyID: String, box: [UInt8]) {
        self.keyID = keyID
        self.box = box
    }
}
