package import Postgres

/// The migrations of this program.
///
/// `Migrations.all` is made by the build from `migrations/*.sql` (see `Plugins/EmbedMigrations`).
package enum Migrations {
    /// A migrator that knows them all.
    package static func migrator(pool: PostgresPool) -> Migrator { Migrator(pool: pool, migrations: Self.all) }
}
