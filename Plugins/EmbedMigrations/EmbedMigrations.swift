import Foundation
import PackagePlugin

/// Has `MigrationEmbedder` run whenever a file in `migrations/` changes, comes or goes.
@main
struct EmbedMigrations: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let folder = context.package.directoryURL.appending(path: "migrations", directoryHint: .isDirectory)
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        let migrations = files.filter { $0.pathExtension == "sql" }.sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "Migrations+All.swift")
        return [
            .buildCommand(
                displayName: "Embedding \(migrations.count) migrations", executable: try context.tool(named: "MigrationEmbedder").url,
                arguments: [output.path, folder.path], inputFiles: migrations, outputFiles: [output])
        ]
    }
}
