package import Postgres
package import Sync

/// Takes as many fresh contact ids as there will be new contacts, so that a batch can refer to what it makes.
package struct TakeContactIDs: PostgresStatement {
    package typealias Row = ContactID
    package static let sql = """
        SELECT nextval(counter.name) FROM (SELECT pg_get_serial_sequence('crm.contacts', 'id')::regclass AS name OFFSET 0) AS counter, generate_series(1, $1::integer)
        """
    let count: Int
    /// `count` ids.
    package init(count: Int) { self.count = count }
    package var binds: [PostgresBind] { [.int(self.count)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> ContactID { ContactID(rawValue: try row.decode(0)) }
}
