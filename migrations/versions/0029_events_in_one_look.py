"""Events are matched with their flags a statement at a time, and nobody takes either away.

A foreign key looks for the flag of every event by itself: of a million new flags that was a third
of what writing them costs more than a bare COPY. One look at all new events promises the same,
since flags are never taken away; from here on the database refuses that too.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# The least of them, so that all are looked for in one join; planned each time, because what suits a
# million rows does not suit one.
FUNCTION = """
CREATE FUNCTION refuse_events_without_flag() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  missing bigint;
BEGIN
  EXECUTE 'SELECT min(a.flag_id) FROM added a LEFT JOIN flag f ON f.id = a.flag_id
    WHERE f.id IS NULL' INTO missing;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'flag_event names flag %, which is not there', missing
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$
"""
MATCHED = """
CREATE TRIGGER flag_event_of_a_flag AFTER INSERT ON flag_event REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_events_without_flag()
"""
# A flag changes, and what was found of it once stays: it goes out as 'hilang'.
REFUSAL = """
CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never taken away', TG_TABLE_NAME;
END $$
"""
# refuse_change() is the function of 0001 that keeps the audit log append-only.
GUARDS = """
CREATE TRIGGER flag_event_append_only BEFORE UPDATE OR DELETE ON flag_event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER flag_event_no_truncate BEFORE TRUNCATE ON flag_event
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER flag_no_delete BEFORE DELETE ON flag
  FOR EACH ROW EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER flag_no_truncate BEFORE TRUNCATE ON flag
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
"""
COMMENT = "What happened to a flag, by a sweep or by a person"


def upgrade() -> None:
    for statement in (FUNCTION, MATCHED, REFUSAL, GUARDS):
        op.execute(statement)
    op.execute(
        "-- squawk-ignore ban-drop-constraint\n"  # its successor stands in the same transaction
        "ALTER TABLE flag_event DROP CONSTRAINT fk_flag_event_flag_id_flag"
    )
    op.create_table_comment("flag_event", f"{COMMENT}; only ever added to")


def downgrade() -> None:
    op.create_table_comment("flag_event", COMMENT)
    op.create_foreign_key(
        op.f("fk_flag_event_flag_id_flag"), "flag_event", "flag", ["flag_id"], ["id"]
    )
    for table, trigger in (
        ("flag", "flag_no_truncate"),
        ("flag", "flag_no_delete"),
        ("flag_event", "flag_event_no_truncate"),
        ("flag_event", "flag_event_append_only"),
        ("flag_event", "flag_event_of_a_flag"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in ("refuse_removal", "refuse_events_without_flag"):
        op.execute(f"DROP FUNCTION {function}()")
