-- One row, one commit.
INSERT INTO bench.job (kind, payload) VALUES ('bench-no-op', '{"number":1}');
