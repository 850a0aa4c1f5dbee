package import Postgres
package import Sync

/// For each name and phone the oldest living account that has both (R47); no phone on either side counts as equal (D6).
package struct FindAccountsByName: PostgresStatement {
    package typealias Row = FoundAccount
    package static let sql = """
        WITH asked AS MATERIALIZED (  -- one of the two names is null and finds nothing; so each has its own index
            SELECT place, CASE WHEN NOT $5::boolean THEN crm.index_key(name) END AS name, CASE WHEN $5 THEN crm.index_key(name) END AS folded,
                crm.index_key(phone) AS phone, crm.index_key(second) AS second, crm.index_key(third) AS third
            FROM unnest($2::text[], $3::text[], $4::text[], $6::text[]) WITH ORDINALITY AS asked (name, phone, second, third, place)
        )
        SELECT asked.place - 1, oldest.id
        FROM asked
        CROSS JOIN LATERAL (
            SELECT found.id FROM (
                (SELECT accounts.id, accounts.created_at FROM crm.accounts
                WHERE accounts.tenant_id = $1 AND accounts.deleted_at IS NULL AND accounts.name_key = asked.name
                    AND (accounts.phone_key IS NOT DISTINCT FROM asked.phone OR accounts.phone_key IN (asked.second, asked.third))
                ORDER BY accounts.created_at, accounts.id LIMIT 1)
                UNION ALL
                (SELECT accounts.id, accounts.created_at FROM crm.accounts
                WHERE accounts.tenant_id = $1 AND accounts.deleted_at IS NULL AND accounts.name_key_folded = asked.folded
                    AND (accounts.phone_key IS NOT DISTINCT FROM asked.phone OR accounts.phone_key IN (asked.second, asked.third))
                ORDER BY accounts.created_at, accounts.id LIMIT 1)
            ) AS found
            ORDER BY found.created_at, found.id LIMIT 1
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
