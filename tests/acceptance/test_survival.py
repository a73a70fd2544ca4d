"""What the README promises about accidents: the article still appears, once."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from config.first_order import WISHES, Customer, WalkFailed
from config.form_page import FormPage
from tests.acceptance.conftest import JOBS, MAILS, VERSIONS
from tests.processes import wait_until

WITHIN = 60  # seconds
LATE = ""


def assert_one_article_and_one_mail_of_each_kind(shop) -> None:
    wait_until(lambda: len(shop.mails()) >= 2)
    assert len(shop.status()["versions"]) == 1
    assert shop.count(VERSIONS) == 1
    assert shop.count(JOBS) == 1
    assert shop.count(MAILS) == 2  # the receipt, and "your article is ready"
    assert len(shop.mails()) == len(set(shop.mails())) == 2


def assert_no_step_was_paid_twice(shop, *, interrupted: int) -> None:
    prompts = Counter(str(request["body"]["messages"]) for request in shop.provider.requests)
    assert sum(prompts.values()) - len(prompts) <= interrupted


def test_kill_9_of_the_worker_in_the_middle_of_a_job(shop):
    shop.order()
    shop.wait_for_calls(3)
    os.kill(shop.up.pid_of(" worker "), signal.SIGKILL)
    wait_until(shop.is_written, WITHIN)
    assert_one_article_and_one_mail_of_each_kind(shop)
    assert_no_step_was_paid_twice(shop, interrupted=1)


def test_stop_and_start_of_everything_in_the_middle_of_a_job(shop):
    shop.order()
    shop.wait_for_calls(3)
    assert shop.up.stop() == 0
    shop.start()
    wait_until(shop.is_written, WITHIN)
    assert_one_article_and_one_mail_of_each_kind(shop)
    assert_no_step_was_paid_twice(shop, interrupted=1)


def test_twenty_payments_of_one_order_at_once(shop):
    checkout = Customer(shop.up.site).order(WISHES).url
    buyers = [Customer(shop.up.site) for _ in range(20)]
    forms = [buyer.page(checkout) for buyer in buyers]
    with ThreadPoolExecutor(20) as crowd:
        pages = set(crowd.map(pay, buyers, forms)) - {LATE}
    assert len(pages) == 1
    shop.page = pages.pop()
    wait_until(shop.is_written, WITHIN)
    assert_one_article_and_one_mail_of_each_kind(shop)


def pay(buyer: Customer, form: FormPage) -> str:
    """The order's page; LATE when somebody else had paid already: the page is not shown to a stranger (404)."""
    try:
        return buyer.pay(form)
    except WalkFailed as error:
        assert str(error).endswith("answered 404.")
        return LATE
