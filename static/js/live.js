// Refreshes the region marked data-live from that address until what it shows is final (data-done).
// Without this script the page reloads itself every ten seconds, and its "Refresh" link always works.
const EVERY = 2000;
const SLOWEST = 30000;
const WORDS_EVERY = 10000; // a screen reader must not be talked over all the time

const region = document.querySelector("[data-live]");
const line = document.querySelector("[data-live-line]");
const words = line.querySelector("[role=status]");

let etag = "";
let failures = 0;
let timer = 0;
let busy = false;
let expired = false;
let spokeAt = 0;

function say(text, { atOnce = false } = {}) {
  if (words.textContent === text) return;
  if (!atOnce && Date.now() - spokeAt < WORDS_EVERY) return;
  words.textContent = text;
  spokeAt = Date.now();
}

function shown() {
  return region.firstElementChild.dataset;
}

function isDone() {
  return "done" in shown();
}

// Whoever stands on a link or button of the region stays on it, or at the region's top when it is gone.
function show(html) {
  const held = region.contains(document.activeElement) ? document.activeElement.id : null;
  region.innerHTML = html;
  if (held !== null) (document.getElementById(held) ?? region).focus({ preventScroll: true });
  document.title = shown().title;
  if (isDone()) line.classList.add("done");
}

async function load() {
  const response = await fetch(region.dataset.live, {
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(10000),
  });
  expired = response.status === 404;
  if (expired || response.status === 304) return;
  if (!response.ok) throw new Error(`status ${response.status}`);
  etag = response.headers.get("ETag");
  show((await response.text()).trim());
}

async function refresh() {
  if (busy) return;
  busy = true;
  const failedBefore = failures > 0;
  try {
    await load();
    failures = 0;
  } catch {
    failures += 1;
  }
  busy = false;
  line.classList.toggle("trouble", failures > 0 || expired);
  if (expired) say("This page has expired. Open the link in our e-mail again.", { atOnce: true });
  else if (failures) say("We cannot reach the server. Your order goes on, and this page tries again.", { atOnce: true });
  else say(shown().words, { atOnce: failedBefore || isDone() });
  schedule();
}

function schedule() {
  clearTimeout(timer);
  if (document.hidden || expired || isDone()) return;
  timer = setTimeout(refresh, Math.min(SLOWEST, EVERY * 2 ** failures));
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  if (!document.hidden && !expired && !isDone()) refresh();
});
schedule();
