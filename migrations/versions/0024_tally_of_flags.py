"""How many flags there are is kept beside them, so that pages count nothing while a sweep writes.

refuse_change() of 0001 does not guard it: a sweep writes it anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# A row for each flag that moves and none that is changed: two people who decide at once never wait
# for each other. A sweep, which moves them by the million, counts once at its end (app/detection/
# merging.py); a sweep of the release before this one is counted row by row.
FUNCTION = """
CREATE FUNCTION tally_flag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO flag_tally (kantor_cabang, kode_wilayah, rule, status, number)
      VALUES (OLD.kantor_cabang, OLD.kode_wilayah, OLD.rule, OLD.status, -1);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO flag_tally (kantor_cabang, kode_wilayah, rule, status, number)
      VALUES (NEW.kantor_cabang, NEW.kode_wilayah, NEW.rule, NEW.status, 1);
  END IF;
  RETURN NULL;
END $$
"""
TRIGGER = """
CREATE TRIGGER flag_tallied
  AFTER INSERT OR DELETE OR UPDATE OF kantor_cabang, kode_wilayah, rule, status ON flag
  FOR EACH ROW
  WHEN (current_setting('patuh.tally_at_the_end', true) IS DISTINCT FROM 'on')
  EXECUTE FUNCTION tally_flag()
"""
COUNTED = """
INSERT INTO flag_tally (kantor_cabang, kode_wilayah, rule, status, number)
SELECT kantor_cabang, kode_wilayah, rule, status, count(*) FROM flag GROUP BY 1, 2, 3, 4
"""


def upgrade() -> None:
    op.create_table(
        "flag_tally",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kantor_cabang", sa.String(), nullable=False),
        sa.Column("kode_wilayah", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "number", sa.BigInteger(), nullable=False, comment="to be summed; may be less than none"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag_tally")),
        comment="How many flags there are: counted by a sweep, and each that moved since",
    )
    # Between the count and the trigger no flag may move.
    op.execute("LOCK TABLE flag IN SHARE ROW EXCLUSIVE MODE")
    for statement in (FUNCTION, TRIGGER, COUNTED):
        op.execute(statement)
    # Taken away in an instant; concurrently it could not be in this transaction.
    op.execute("-- squawk-ignore require-concurrent-index-deletion\nDROP INDEX ix_flag_counted")


def downgrade() -> None:
    op.create_index("ix_flag_counted", "flag", ["kantor_cabang", "kode_wilayah", "rule", "status"])
    op.execute("DROP TRIGGER flag_tallied ON flag")
    op.execute("DROP FUNCTION tally_flag()")
    op.drop_table("flag_tally")
