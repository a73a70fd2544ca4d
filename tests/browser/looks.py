"""How a page looks to somebody: accessible, as wide as the screen, large enough to hit.

What a page says and how it is built does not depend on its colours, so all rules run once a layout, and the other
colours are looked at by the rules that look at colours.
"""

from playwright.sync_api import Page

NARROW, WIDE = 390, 1280
# The admin's links fade from one colour to the other. Without preload: axe would copy stylesheets that import others
# (the admin's) into the page, which our policy blocks.
AXE_RUN = """async (only) => {
  document.getAnimations().filter((a) => a instanceof CSSTransition).forEach((a) => a.finish());
  const result = await axe.run(document, { runOnly: only, preload: false });
  return result.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target.join(" ")).join(", "));
}"""
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# Links inside a sentence are exempt, as in WCAG 2.5.8.
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, textarea, label.choice, label.tick")]
  .filter((e) => e.type !== "hidden" && e.checkVisibility() && !e.closest(".skip"))
  .filter((e) => !(e.matches("a") && getComputedStyle(e).display === "inline"))
  .map((e) => e.closest("label.choice, label.tick") ?? e)
  .map((e) => [e.outerHTML.slice(0, 90), Math.round(e.getBoundingClientRect().height)])
  .filter(([, height]) => height < 44)"""


def problems(page: Page, axe: str) -> list[str]:
    """What all rules find on the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    return page.evaluate(AXE_RUN, ALL_RULES)


def problems_of_colours(page: Page, *, dark: bool) -> list[str]:
    """What the rules for colours find in the page's other colours, which it then has; after problems()."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    return page.evaluate(AXE_RUN, {"type": "rule", "values": COLOUR_RULES})


def too_wide(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [] if wide == width else [f"{wide} px wide on a screen of {width}"]


def findings(page: Page, axe: str, *, all_colours: bool = True, targets: bool = False) -> list[str]:
    """What is wrong on the open page: narrow and light, then wide and dark; with all colours both in both."""
    found = []
    for width, dark in ((NARROW, False), (WIDE, True)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        found += too_wide(page, width)
        found += problems(page, axe)
        found += page.evaluate(SMALL_TARGETS) if targets else []
        found += problems_of_colours(page, dark=not dark) if all_colours else []
    return found


def assert_fonts_come_first(page: Page) -> None:
    """One that is asked for when the text is there already moves what somebody is about to click."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    used = page.evaluate("[...document.fonts].filter((font) => font.status === 'loaded').length")
    assert used == page.locator("link[rel=preload][as=font]").count()


def assert_accessible_and_fitting(page: Page, axe: str, *, all_colours: bool = True) -> None:
    """As soon as the page has all that its look needs, on a phone and on a desk; also with the wide layout's fonts."""
    assert_fonts_come_first(page)
    assert findings(page, axe, all_colours=all_colours, targets=True) == []
    assert_fonts_come_first(page)
