package import Postgres
package import Sync

/// For each name and phone the oldest living account that has both (R47); no phone on either side counts as equal (D6).
package struct FindAccountsByName: PostgresStatement {
    package typealias Row = FoundAccount
    package static let sql = """
        SELECT asked.place - 1, oldest.id
        FROM unnest($2::text[], $3::text[], $4::text[], $6::text[]) WITH ORDINALITY AS asked (name, phone, second, third, place)
        CROSS JOIN LATERAL (
            SELECT accounts.id FROM crm.accounts
            WHERE accounts.tenant_id = $1 AND accounts.deleted_at IS NULL
                -- One of the two is null and finds nothing; so each can use its own index.
                AND (
                    accounts.name_key = CASE WHEN NOT $5::boolean THEN crm.index_key(asked.name) END
                    OR accounts.name_key_folded = CASE WHEN $5 THEN crm.index_key(asked.name) END
                )
                AND (
                    accounts.phone_key IS NOT DISTINCT FROM crm.index_key(asked.phone)
                    OR accounts.phone_key = crm.index_key(asked.second) OR accounts.phone_key = crm.index_key(asked.third)
                )
            ORDER BY accounts.created_at, accounts.id LIMIT 1
        ) AS oldest
        """
    /// What is asked for.
    package struct Question: Sendable {
        let name: String
        let phones: [String]
        /// - Parameters:
        ///   - name: as it is compared.
        ///   - phones: the spellings that count as the number asked for, at most three; none if there is no number.
        package init(name: String, phones: [String]) {
            self.name = name
            self.phones = phones
        }
        func phone(_ place: Int) -> String? { self.phones.indices.contains(place) ? self.phones[place] : nil }
    }
    let tenant: TenantID
    let questions: [Question]
    let folded: Bool
    /// - Parameter folded: whether legal forms count as equal (`legal-form=fold`); the names are normalised in the same way.
    package init(tenant: TenantID, questions: [Question], folded: Bool) {
        self.tenant = tenant
        self.questions = questions
        self.folded = folded
    }
    package var binds: [PostgresBind] {
        [
            .int8(self.tenant.rawValue), .texts(self.questions.map(\.name)), .texts(self.questions.map { $0.phone(0) }),
            .texts(self.questions.map { $0.phone(1) }), .bool(self.folded), .texts(self.questions.map { $0.phone(2) }),
        ]
    }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> FoundAccount {
        let place: Int64 = try row.decode(0)
        return FoundAccount(place: Int(place), account: AccountID(rawValue: try row.decode(1)))
    }
}
