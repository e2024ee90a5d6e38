"""What the program cannot know it does not claim to know."""
import contextlib
import threading

from support.api import new_key
from support.stack import wait_until


@contextlib.contextmanager
def locked(stack, user):
    """The wallet's row is locked by somebody else."""
    with contextlib.closing(stack.connect()) as db:
        db.autocommit = False
        db.cursor().execute("select from florin.wallets where user_id = %s"
                            " for update", [user])
        yield


def waiting_backend(stack):
    """The backend of a worker that waits for a lock; None if none does."""
    found = stack.rows("select pid from pg_stat_activity where"
                       " usename = 'florin_web' and wait_event_type = 'Lock'")
    return found[0]["pid"] if found else None


def test_a_repeat_that_could_not_run_does_not_settle_the_doubt(stack, api):
    """The backend dies during the call: in doubt.  The worker's repeat then
    waits in vain for the lock: nothing was done by the repeat, but "nothing
    was done" is more than anybody knows."""
    user, key = api.new_user(100), new_key()
    answers = []

    def ask():
        answers.append(api.consume(api.as_user(user), 1, key))

    with locked(stack, user):
        thread = threading.Thread(target=ask)
        thread.start()
        pid = wait_until(lambda: waiting_backend(stack), 5, "it waits")
        stack.rows("select pg_terminate_backend(%s)", pid)
        thread.join()
    assert (answers[0].status, answers[0].code) == (503, "outcome_unknown")
    assert api.consume(api.as_user(user), 1, key).status == 200
    assert api.balance(user) == 99


def test_a_backend_that_dies_is_not_noticed_by_the_client(stack, api):
    user = api.new_user(100)
    answers = []

    def ask():
        answers.append(api.consume(api.as_user(user), 1))

    with locked(stack, user):
        thread = threading.Thread(target=ask)
        thread.start()
        pid = wait_until(lambda: waiting_backend(stack), 5, "it waits")
        stack.rows("select pg_terminate_backend(%s)", pid)
    thread.join()
    assert answers[0].status == 200
    assert api.balance(user) == 99
