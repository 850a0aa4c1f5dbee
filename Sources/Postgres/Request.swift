import CLibPQ

/// What can be asked of the server, as libpq takes it.
enum Request: Sendable {
    /// Text of any number of statements, without values.
    case script(String)
    /// One statement with values, not prepared.
    case statement(String, EncodedBinds, isBinary: Bool)
    /// A statement to be remembered under a name.
    case prepare(name: String, sql: String, types: [PostgresType])
    /// A remembered statement with values.
    case execute(name: String, EncodedBinds, isBinary: Bool)
    /// Several requests in one trip; each has one answer, and after the first that fails none is carried out.
    indirect case pipeline([Request])
    /// `COPY … FROM STDIN`; its rows follow when the server asks for them.
    case copy(String)

    /// Hands it to libpq; 1 when it was taken.
    func send(on handle: OpaquePointer) -> Int32 {
        switch self {
        case .script(let text), .copy(let text): PQsendQuery(handle, text)
        case .statement(let sql, let binds, let isBinary): binds.withPointers { PQsendQueryParams(handle, sql, $0, $1, $2, $3, $4, isBinary ? 1 : 0) }
        case .pipeline(let requests):
            PQenterPipelineMode(handle) == 1 && requests.allSatisfy({ $0.send(on: handle) == 1 }) ? PQpipelineSync(handle) : 0
        case .prepare(let name, let sql, let types): PQsendPrepare(handle, name, sql, Int32(types.count), types.map(\.rawValue))
        case .execute(let name, let binds, let isBinary):
            binds.withPointers { count, _, values, lengths, formats in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, isBinary ? 1 : 0)
            }
        }
    }
}
