"""The history of flags is matched with them a statement at a time, and nobody takes either away.

A foreign key looks for the flag of every row by itself: of a million new flags that was a third of
what writing them costs more than a bare COPY. One look at all new rows promises the same, since
flags are never taken away; from here on the database refuses that too.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# The least of them, so that all are looked for in one join; planned each time, because what suits a
# million rows does not suit one.
FUNCTION = """
CREATE FUNCTION refuse_history_of_no_flag() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  missing bigint;
BEGIN
  EXECUTE 'SELECT min(a.flag_id) FROM added a LEFT JOIN flag f ON f.id = a.flag_id
    WHERE f.id IS NULL' INTO missing;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION '% names flag %, which is not there', TG_TABLE_NAME, missing
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$
"""
HISTORY = {
    "flag_event": "What happened to a flag, by a sweep or by a person",
    "flag_past": "What a flag said until a sweep said otherwise",
}
# refuse_change() is the function of 0001 that keeps the audit log append-only.
GUARDS = """
CREATE TRIGGER {table}_of_a_flag AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_history_of_no_flag();
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
# A flag changes, and what was found of it once stays: it goes out as 'hilang'.
REFUSAL = """
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never taken away', TG_TABLE_NAME;
END $$
"""
KEPT = """
CREATE TRIGGER flag_no_delete BEFORE DELETE ON flag
  FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER flag_no_truncate BEFORE TRUNCATE ON flag
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
"""


def upgrade() -> None:
    for statement in (FUNCTION, REFUSAL, KEPT):
        op.execute(statement)
    for table, comment in HISTORY.items():
        op.execute(GUARDS.format(table=table))
        op.execute(
            "-- squawk-ignore ban-drop-constraint\n"  # its successor stands in the same transaction
            f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_flag_id_flag"
        )
        op.create_table_comment(table, f"{comment}; only ever added to")


def downgrade() -> None:
    for table, comment in HISTORY.items():
        op.create_table_comment(table, comment)
        op.create_foreign_key(op.f(f"fk_{table}_flag_id_flag"), table, "flag", ["flag_id"], ["id"])
        for guard in ("no_truncate", "append_only", "of_a_flag"):
            op.execute(f"DROP TRIGGER {table}_{guard} ON {table}")
    for guard in ("no_truncate", "no_delete"):
        op.execute(f"DROP TRIGGER flag_{guard} ON flag")
    for function in ("refuse_removal", "refuse_history_of_no_flag"):
        op.execute(f"DROP FUNCTION {function}()")
