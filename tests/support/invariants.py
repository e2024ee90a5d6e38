"""What must be true of the database, whatever was asked of it."""

SHOWN_MAX = 20


def broken(stack):
    """All rows of florin.check_invariants: none is good."""
    return stack.rows("select * from florin.check_invariants('', null)")


def assert_kept(stack):
    found = broken(stack)
    shown = "\n".join(str(row) for row in found[:SHOWN_MAX])
    assert not found, f"{len(found)} invariants do not hold:\n{shown}"


def deadlocks(stack):
    """Since the cluster was made."""
    return stack.value("select sum(deadlocks)::integer from pg_stat_database")
