import Foundation
import Runtime
import Store

/// Reads a client secret from a file or from standard input, so that it stands in no list of processes and no shell history.
enum SecretFile {
    /// The secret in `path`, `-` being standard input; a line end behind it is not part of it.
    static func read(_ path: String) throws(Complaint) -> Store.Secret {
        let data: Data
        do {
            if path == "-" {
                data = try FileHandle.standardInput.readToEnd() ?? Data()
            } else {
                data = try Data(contentsOf: URL(fileURLWithPath: path))
            }
        } catch {
            throw Complaint("The file given by --client-secret-file can't be read.", ending: .usage)
        }
        guard data.count <= 65_536, let text = String(data: data, encoding: .utf8) else {
            throw Complaint("What --client-secret-file holds is not a client secret: it is not text, or too long.", ending: .usage)
        }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty else { throw Complaint("What --client-secret-file holds is empty.", ending: .usage) }
        return Store.Secret(secret)
    }
}
