/// A custom service of the instance: who may ask for tokens, and what its API user may do.
package struct APIClient: Sendable, Codable, Equatable {
    /// What an API role can allow.
    ///
    /// A missing one is 603 on every call that needs it.
    package enum Permission: String, Sendable, Codable, CaseIterable {
        case readLead = "Read-Only Lead"
        case writeLead = "Read-Write Lead"
        case readActivity = "Read-Only Activity"
        case readSchema = "Read-Only Schema"
        case writeSchema = "Read-Write Schema"

        /// Whether one of the others allows it too: who may write may read.
        func isPart(of others: Set<Permission>) -> Bool {
            switch self {
            case .readLead: others.contains(.writeLead)
            case .readSchema: others.contains(.writeSchema)
            case .writeLead, .readActivity, .writeSchema: false
            }
        }
    }

    package var id: String
    package var secret: String
    /// The API user's e-mail: the token's `scope`, and the name under which usage is counted.
    package var user: String
    package var permissions: Set<Permission>

    package init(id: String, secret: String, user: String, permissions: Set<Permission> = Set(Permission.allCases)) {
        self.id = id
        self.secret = secret
        self.user = user
        self.permissions = permissions
    }

    /// The one every simulator begins with.
    package static let standard = APIClient(
        id: "8f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", secret: "simulated-secret-0123456789abcdef", user: "integration@example.com")
}
