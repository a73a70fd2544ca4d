"""Kinds of jobs about stories."""

from queues.kinds import job

TEST_OPENAI = "stories.test_openai"


@job(queue="stories", name="stories.enhance")
def enhance(job, *, story_id):
    from content.stories import enhancement

    enhancement.enhance(story_id=story_id, job=job)


@job(queue="default", name="stories.ask_again")
def ask_again(job) -> dict:
    """Those that no model has read for want of a key."""
    from content.stories import asking

    return {"asked": asking.ask_for_all(job)}


@job(queue="checks", name=TEST_OPENAI)
def test_openai(job, *, user_id):
    from content.stories import openai_test

    return openai_test.run(user_id=user_id)
