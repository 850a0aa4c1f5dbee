import Crypto
import FoundationEssentials

/// Seals and opens the credentials that are kept in the database (promise 12).
///
/// - Shape: AES-256-GCM with a fresh nonce each time. Bound to the tenant's name and the field, so that a sealed secret which
///   is copied to another tenant's row does not open there.
/// - Rotation: the first key seals, every key opens. To change keys, give the new one first and the old one after it, save
///   each tenant's credentials again, then drop the old one.
package struct CredentialCipher: Sendable {
    private let current: MasterKey
    private let keys: [String: MasterKey]

    /// Seals with `current`, and opens what `current` or one of `earlier` sealed.
    package init(current: MasterKey, earlier: [MasterKey] = []) {
        self.current = current
        self.keys = Dictionary(([current] + earlier).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Reads the value of `KAKEHASHI_MASTER_KEY`: one key, or several separated by commas, the newest first.
    package init(environmentValue: String?) throws(CredentialError) {
        let parts = (environmentValue ?? "").split(separator: ",", omittingEmptySubsequences: true)
        var masterKeys: [MasterKey] = []
        for part in parts { masterKeys.append(try MasterKey(base64: String(part))) }
        guard let current = masterKeys.first else { throw .masterKeyMissing }
        self.init(current: current, earlier: Array(masterKeys.dropFirst()))
    }

    /// The id of the key that seals.
    package var currentKeyID: String { self.current.id }

    /// Makes a secret unreadable, for this field of this tenant.
    package func seal(_ secret: Secret, tenant: String, field: String) throws(CredentialError) -> SealedSecret {
        do {
            let box = try AES.GCM.seal(
                Data(secret.reveal().utf8), using: self.current.key, authenticating: Self.place(tenant: tenant, field: field))
            // `combined` is there for every nonce of 12 bytes, which is what `seal` makes.
            guard let bytes = box.combined else { throw CredentialError.damaged }
            return SealedSecret(keyID: self.current.id, box: Array(bytes))
        } catch {
            throw .damaged
        }
    }

    /// Reads a sealed secret of this field of this tenant.
    ///
    /// - Ends: `sealedWithAnotherKey` when no key given here has its id; `damaged` when the bytes or the place are not the sealed ones.
    package func open(_ sealed: SealedSecret, tenant: String, field: String) throws(CredentialError) -> Secret {
        guard let master = self.keys[sealed.keyID] else { throw .sealedWithAnotherKey(keyID: sealed.keyID) }
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.box)
            let bytes = try AES.GCM.open(box, using: master.key, authenticating: Self.place(tenant: tenant, field: field))
            return Secret(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .damaged
        }
    }

    /// What is authenticated beside the secret: where it belongs.
    ///
    /// The length keeps two different places from reading alike.
    private static func place(tenant: String, field: String) -> Data {
        Data("kakehashi/1/\(tenant.utf8.count):\(tenant)/\(field)".utf8)
    }
}
