package import Postgres

/// The answer to a question of a test's own, as text.
package struct Answer: PostgresStatement {
    let question: String

    /// To `question`, a statement of one row and one text.
    package init(question: String) { self.question = question }

    /// Statements are constant texts; so a function of the test's database runs the question.
    static let function = """
        CREATE FUNCTION public.answer(question text) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE answer text;
        BEGIN EXECUTE question INTO answer; RETURN answer; END $$
        """
    package static let sql = "SELECT public.answer($1)"
    package var binds: [PostgresBind] { [.text(self.question)] }
    package static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}
