import Postgres

/// The answer to a question of a test's own, as text.
struct Answer: PostgresStatement {
    let question: String

    /// Statements are constant texts; so a function of the test's database runs the question.
    static let function = """
        CREATE FUNCTION public.answer(question text) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE answer text;
        BEGIN EXECUTE question INTO answer; RETURN answer; END $$
        """
    static let sql = "SELECT public.answer($1)"
    var binds: [PostgresBind] { [.text(self.question)] }
    static func decode(_ row: PostgresRow) throws(PostgresError) -> String? { try row.decode(0) }
}
