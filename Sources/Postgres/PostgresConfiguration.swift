import CLibPQ

/// Where the database is and how patiently it is spoken to.
///
/// - Shape: a URI (`postgresql://…`) or `key=value` text as libpq takes them, `sslmode`, `sslrootcert`, several hosts and
///   `target_session_attrs` included; whatever libpq knows is passed through. `PGHOST` and its kin fill what is left out.
/// - Ends: neither this value's description nor any error contains the password.
package struct PostgresConfiguration: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Connections a pool holds at most.
    package var poolSize = 8
    /// How long a new connection may take, name look-up included.
    ///
    /// Several hosts share it: one that keeps silent leaves the others theirs. The text's own `connect_timeout` (seconds for each
    /// host) is believed first.
    package var connectTimeout = Duration.seconds(10)
    /// How long a borrower waits for a free connection; then `poolExhausted`.
    package var lendTimeout = Duration.seconds(60)
    /// How long the server works on one statement; zero is for ever.
    package var statementTimeout = Duration.seconds(30)
    /// How long a statement waits for a lock; zero is for ever.
    package var lockTimeout = Duration.seconds(10)
    /// How long a transaction may lie idle before the server ends it; zero is for ever.
    package var idleInTransactionTimeout = Duration.seconds(60)
    /// How long we wait for any answer, by our own clock: what finds a half-open socket.
    ///
    /// Longer than `statementTimeout`.
    package var deadline = Duration.seconds(45)
    /// Whether statements are prepared on the server, once a connection.
    ///
    /// Off behind a transaction-pooling proxy, where also the
    /// time-outs above are set in each transaction instead of at the start of the session.
    package var preparedStatements = true
    /// Further settings of each session, by the names PostgreSQL gives them; left out where statements are not prepared (behind a proxy).
    package var sessionSettings: [String: String] = [:]
    /// What `pg_stat_activity` shows.
    package var applicationName: String?
    /// A connection is replaced when it is older than this, give or take a tenth, so that a failover or a new address is noticed.
    package var connectionAge = Duration.seconds(3_600)
    /// A connection nobody has borrowed for this long is closed (while `run` runs).
    package var connectionIdle = Duration.seconds(300)

    /// How long a cancelled statement may take to end before its connection is thrown away.
    var cancelGrace = Duration.seconds(5)

    /// As libpq's own parser reads the text.
    let options: [String: String]

    /// Reads a URI or `key=value` text.
    ///
    /// - Ends: `configuration`, which does not repeat the text.
    package init(url: String) throws(PostgresError) {
        if url.utf8.contains(0) { throw PostgresError(.configuration, summary: "the connection text contains U+0000") }
        // libpq reads a text without a key as one, and an empty one as "take all from the environment": surely not meant.
        if url.allSatisfy(\.isWhitespace) { throw PostgresError(.configuration, summary: "the connection text is empty") }
        guard let parsed = PQconninfoParse(url, nil) else {
            // libpq's own message quotes the text, password and all.
            throw PostgresError(
                .configuration,
                summary: "the connection text is neither a libpq URI (postgresql://user:password@host:port/database) nor key=value pairs")
        }
        defer { PQconninfoFree(parsed) }
        var options: [String: String] = [:]
        var entry = parsed
        while let keyword = entry.pointee.keyword {
            if let value = entry.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            entry += 1
        }
        try Self.refuseMisread(url, options)
        self.options = options
        if let seconds = options["connect_timeout"].flatMap({ Int($0) }), seconds > 0 {
            let hosts = HostList(hosts: options["host"] ?? "", addresses: options["hostaddr"] ?? "", ports: "").entries.count
            self.connectTimeout = .seconds(min(max(seconds, 2), 86_400) * hosts)
        }
    }

    /// Refuses a text that libpq takes, but surely not as it was meant.
    ///
    /// In a URI, a `/` or `@` in the password ends it early: what follows becomes port, host or database, and those are printed.
    private static func refuseMisread(_ url: String, _ options: [String: String]) throws(PostgresError) {
        let isURI = url.hasPrefix("postgresql://") || url.hasPrefix("postgres://")
        let hint = isURI ? "; percent-encode / @ : in the password (%2F %40 %3A)" : ""
        for port in (options["port"] ?? "").split(separator: ",") where !port.allSatisfy(\.isWhitespace) {
            let words = port.split(whereSeparator: \.isWhitespace)
            guard words.count == 1, let number = Int(words[0]), (1...65_535).contains(number) else {
                throw PostgresError(.configuration, summary: "the port in the connection text is not a number from 1 to 65535\(hint)")
            }
        }
        // As key=value text each value stands by itself, and a database may well be called a@b.
        if isURI, [options["host"], options["dbname"]].contains(where: { $0?.contains("@") == true }) {
            throw PostgresError(.configuration, summary: "the host or database in the connection text contains @\(hint)")
        }
    }

    /// Where, without who: `host:port/database`.
    package var place: String {
        let host = self.options["host"] ?? self.options["hostaddr"] ?? "local socket"
        let port = self.options["port"].map { ":\($0)" } ?? ""
        return "\(host)\(port)/\(self.options["dbname"] ?? self.options["user"] ?? "")"
    }

    /// Where, without who.
    package var description: String { self.place }
    /// Where, without who.
    package var debugDescription: String { self.place }
    /// Where, without who, also for `dump`.
    package var customMirror: Mirror { Mirror(self, children: ["place": self.place]) }

    /// The same place as the variables that PostgreSQL's own programs read (`PGHOST`, `PGPASSWORD` …), for a child process: a password in its
    /// arguments could be read by everybody on the machine.
    package var libpqVariables: [String: String] {
        let names = [
            "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
            "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
        ]
        return Dictionary(uniqueKeysWithValues: names.compactMap { key, name in self.options[key].map { (name, $0) } })
    }

    /// What is passed to libpq.
    var startupOptions: [String: String] { self.startupOptions(inherited: Self.environmentOptions()) }

    /// What is passed to libpq; `inherited` are the session settings that it would take from the environment (`PGOPTIONS`, a service's).
    ///
    /// As soon as we give `options` of our own, libpq looks for no others.
    func startupOptions(inherited: String?) -> [String: String] {
        var options = self.options
        options["client_encoding"] = "UTF8"
        if let applicationName { options["application_name"] = applicationName }
        options["fallback_application_name"] = options["fallback_application_name"] ?? "kakehashi"
        // A dead peer of an idle connection is found by the kernel; a dead peer of a waiting one by our deadline.
        options["keepalives_idle"] = options["keepalives_idle"] ?? "30"
        options["keepalives_interval"] = options["keepalives_interval"] ?? "10"
        options["keepalives_count"] = options["keepalives_count"] ?? "3"
        options["tcp_user_timeout"] = options["tcp_user_timeout"] ?? "60000"
        // A pooling proxy refuses (or mixes up) session settings; behind one they are set in each transaction.
        if self.preparedStatements {
            let ours =
                self.timeoutSettings.map { "-c \($0.name)=\($0.milliseconds)" } + ["-c DateStyle=ISO", "-c TimeZone=UTC"]
                + self.sessionSettings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\($0.value)" }
            options["options"] = (ours + [options["options"] ?? inherited].compactMap { $0 }).joined(separator: " ")
        }
        return options
    }

    /// `PGOPTIONS`, or those of the service that `PGSERVICE` names.
    private static func environmentOptions() -> String? {
        guard let defaults = PQconndefaults() else { return nil }
        defer { PQconninfoFree(defaults) }
        var entry = defaults
        while let keyword = entry.pointee.keyword {
            if String(cString: keyword) == "options" { return entry.pointee.val.map { String(cString: $0) } }
            entry += 1
        }
        return nil
    }

    /// The server's time-outs by the names PostgreSQL gives them.
    var timeoutSettings: [(name: String, milliseconds: Int64)] {
        [
            ("statement_timeout", self.statementTimeout.milliseconds), ("lock_timeout", self.lockTimeout.milliseconds),
            ("idle_in_transaction_session_timeout", self.idleInTransactionTimeout.milliseconds),
        ]
    }

    /// `text` without the password, should it be in it.
    func redacted(_ text: String) -> String {
        guard let password = self.options["password"], !password.isEmpty else { return text }
        return text.split(separator: password, omittingEmptySubsequences: false).joined(separator: "…")
    }
}

extension Duration {
    /// Whole milliseconds, rounded up; what is longer than PostgreSQL can count (24 days) is its longest.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        if seconds >= 2_147_483 { return 2_147_483_647 }
        return max(0, seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
