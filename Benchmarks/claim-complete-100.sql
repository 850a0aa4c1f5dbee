-- Takes a hundred rows and marks them done: two statements, two commits. What a taker would do with the rows is not in it.
-- The rows stay, as they do with us (there in a history): to delete them would be a tenth faster, and nobody could say afterwards what was done.
WITH picked AS MATERIALIZED (
    SELECT id FROM bench.job WHERE state = 'ready' ORDER BY run_at, id LIMIT 100 FOR UPDATE SKIP LOCKED
), claimed AS (
    UPDATE bench.job j SET state = 'running', attempt = attempt + 1, claimed_at = now() FROM picked WHERE j.id = picked.id RETURNING j.id
)
SELECT array_agg(id) AS ids FROM claimed \gset
UPDATE bench.job SET state = 'done', ended_at = now() WHERE id = ANY (:ids::bigint[]);
