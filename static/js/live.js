// Refreshes the region marked data-live from its address until the server says data-done. Without this script the page
// refreshes itself every ten seconds, and its "Refresh" link always works.
const region = document.querySelector("[data-live]");
const line = document.querySelector("[data-live-line]");
const words = line?.querySelector("[role=status]");

const EVERY = 2000;
const SLOWEST = 30000;
const WORDS_EVERY = 10000; // a screen reader must not be talked over

let etag = "";
let failures = 0;
let timer = 0;
let spokeAt = 0;

function say(text, { atOnce = false } = {}) {
  if (!words || words.textContent === text) return;
  if (!atOnce && Date.now() - spokeAt < WORDS_EVERY) return;
  words.textContent = text;
  spokeAt = Date.now();
}

function isDone() {
  return region.firstElementChild?.hasAttribute("data-done") ?? false;
}

function show(html) {
  const heldId = region.contains(document.activeElement) ? document.activeElement.id : null;
  region.innerHTML = html;
  if (heldId !== null) (document.getElementById(heldId) ?? region).focus({ preventScroll: true });
  const state = region.firstElementChild.dataset;
  document.title = state.title;
  say(state.words, { atOnce: isDone() });
}

async function fetchState() {
  const response = await fetch(region.dataset.live, {
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(10000),
  });
  if (response.status === 304) return;
  if (response.status === 404) {
    stop("This page has expired. Open the link in your e-mail again.");
    return;
  }
  if (!response.ok) throw new Error(`status ${response.status}`);
  etag = response.headers.get("ETag") ?? "";
  show(await response.text());
}

async function refresh() {
  try {
    await fetchState();
    if (failures) say(region.firstElementChild.dataset.words, { atOnce: true });
    failures = 0;
    line?.classList.remove("trouble");
  } catch {
    failures += 1;
    line?.classList.add("trouble");
    say("We cannot reach the server. Your order goes on; this page tries again.", { atOnce: true });
  }
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (document.hidden || !region.dataset.live) return;
  if (isDone()) {
    line?.setAttribute("hidden", "");
    return;
  }
  timer = setTimeout(refresh, Math.min(SLOWEST, EVERY * 2 ** failures));
}

function stop(reason) {
  delete region.dataset.live;
  line?.classList.add("trouble");
  say(reason, { atOnce: true });
}

if (region) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  schedule();
}
