from concurrent.futures import ThreadPoolExecutor

from queues.ids import uuid7


def test_ids_sort_in_the_order_they_were_made():
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(made)
    assert {value.version for value in made} == {7}


def test_ids_are_unique_across_threads():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7(), range(20_000)))
    assert len(set(made)) == len(made)
