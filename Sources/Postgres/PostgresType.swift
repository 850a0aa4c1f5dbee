/// A type of PostgreSQL's by its fixed number.
///
/// - Source: `pg_type.dat` of PostgreSQL; these numbers never change.
struct PostgresType: RawRepresentable, Hashable, Sendable {
    let rawValue: UInt32

    /// The server infers it from the place in the statement.
    static let inferred = PostgresType(rawValue: 0)
    static let bool = PostgresType(rawValue: 16)
    static let bytea = PostgresType(rawValue: 17)
    static let int8 = PostgresType(rawValue: 20)
    static let int4 = PostgresType(rawValue: 23)
    static let text = PostgresType(rawValue: 25)
    static let float8 = PostgresType(rawValue: 701)
    static let boolArray = PostgresType(rawValue: 1000)
    static let int4Array = PostgresType(rawValue: 1007)
    static let textArray = PostgresType(rawValue: 1009)
    static let int8Array = PostgresType(rawValue: 1016)
    static let float8Array = PostgresType(rawValue: 1022)
    static let timestamptz = PostgresType(rawValue: 1184)
    static let timestamptzArray = PostgresType(rawValue: 1185)
    static let interval = PostgresType(rawValue: 1186)
    static let uuid = PostgresType(rawValue: 2950)
    static let uuidArray = PostgresType(rawValue: 2951)
    static let jsonb = PostgresType(rawValue: 3802)
    static let jsonbArray = PostgresType(rawValue: 3807)
}
