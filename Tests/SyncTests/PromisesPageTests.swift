import Foundation
import Testing

/// `docs/promises.md` says which test shows what; it is true, or this fails.
@Suite struct PromisesPageTests {
    private struct Named: Hashable, CustomStringConvertible {
        let file: String
        let test: String
        var description: String { "\(self.file): \(self.test)" }
    }

    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The rows of both tables, each with its group: what stands in the first column, or stood there last.
    private static func page() throws -> [(group: String, named: Named)] {
        let text = try String(contentsOf: self.tests.deletingLastPathComponent().appending(path: "docs/promises.md"), encoding: .utf8)
        var group = ""
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: true).map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("|"), cells.count == 3, cells[1].hasPrefix("`"), cells[2].hasPrefix("`") else { return nil }
            if !cells[0].isEmpty { group = cells[0] }
            return (group, Named(file: String(cells[1].dropFirst().dropLast()), test: String(cells[2].dropFirst().dropLast())))
        }
    }

    /// All tests with a name in words.
    private static func all() throws -> Set<Named> {
        var all: Set<Named> = []
        for room in try FileManager.default.contentsOfDirectory(atPath: self.tests.path) {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: self.tests.appending(path: room).path)) ?? []
            for file in files where file.hasSuffix(".swift") {
                let text = try String(contentsOf: self.tests.appending(path: "\(room)/\(file)"), encoding: .utf8)
                for match in text.matches(of: /func `([^`\n]+)`/) { all.insert(Named(file: "\(room)/\(file)", test: String(match.1))) }
            }
        }
        return all
    }

    @Test func `each test that the page of promises names is there`() throws {
        let named = Set(try Self.page().map(\.named))
        #expect(named.count > 60)
        let gone = named.subtracting(try Self.all()).map(\.description).sorted()
        #expect(gone == [])
    }

    @Test func `each test that names a promise or a row of the failure matrix is on the page`() throws {
        let named = Set(try Self.page().map(\.named))
        let missing = try Self.all().filter { $0.test.contains("matrix 3.5") || $0.test.contains(/promises? [0-9]+( and [0-9]+)?:/) }.subtracting(
            named)
        #expect(missing.map(\.description).sorted() == [])
    }

    @Test func `no promise and no row of the page stands without a test`() throws {
        let text = try String(contentsOf: Self.tests.deletingLastPathComponent().appending(path: "docs/promises.md"), encoding: .utf8)
        let groups = Set(try Self.page().map(\.group))
        let numbers = Set(groups.compactMap { Int($0.prefix { $0.isNumber }) })
        #expect(numbers.isSuperset(of: 1...13))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("|  ") && !$0.contains("| file |") }
        #expect(rows.allSatisfy { $0.split(separator: "|").count == 3 && $0.contains("`") })
    }
}
