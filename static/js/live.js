// Refreshes the region marked data-live from that address until what it shows is final (data-done).
// The stream at data-stream says when to look; while there is none, the page looks every two seconds, or every fifteen
// where nothing is expected soon (data-calm).
// Without this script the page reloads itself every ten seconds, and its "Refresh" link always works.
const EVERY = 2000;
const SELDOM = 15000; // an estimate is announced to nobody
const SLOWEST = 30000;
const WORDS_EVERY = 10000; // a screen reader must not be talked over all the time
const OPENS_WITHIN = 4000; // a stream that says nothing only holds one of the browser's few connections
const TOGETHER = 100; // news that come this close are looked at once

const region = document.querySelector("[data-live]");
const line = document.querySelector("[data-live-line]");
const words = line.querySelector("[role=status]");

let etag = "";
let failures = 0;
let timer = 0;
let busy = false;
let askedMeanwhile = false;
let expired = false;
let spokeAt = 0;

let source = null;
let streaming = false;
let losses = 0;
let streamTimer = 0; // until the stream must have opened, or until the next try
let newsTimer = 0;

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

function isIdle() {
  return document.hidden || expired || isDone();
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
  askedMeanwhile = busy;
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
  if (expired) say(line.dataset.gone, { atOnce: true });
  else if (failures) say(line.dataset.lost, { atOnce: true });
  else say(shown().words, { atOnce: failedBefore || isDone() });
  schedule();
  if (askedMeanwhile) refreshSoon();
}

function refreshSoon() {
  newsTimer ||= setTimeout(() => {
    newsTimer = 0;
    if (!isIdle()) refresh();
  }, TOGETHER);
}

function schedule() {
  clearTimeout(timer);
  if (isIdle()) return hangUp();
  const seldom = streaming || "calm" in shown();
  const pause = seldom && !failures ? SELDOM : EVERY * 2 ** failures;
  timer = setTimeout(refresh, Math.min(SLOWEST, pause));
}

function listen() {
  hangUp();
  if (isIdle()) return;
  source = new EventSource(region.dataset.stream);
  source.onerror = lost;
  streamTimer = setTimeout(lost, OPENS_WITHIN);
  source.addEventListener("changed", () => {
    clearTimeout(streamTimer);
    streaming = true;
    losses = 0;
    refreshSoon();
  });
}

// Not left to EventSource: it would come back to an address that is valid for minutes only.
function lost() {
  const hadNews = streaming;
  hangUp();
  losses += 1;
  streamTimer = setTimeout(listen, Math.min(SLOWEST, EVERY * 2 ** losses));
  if (hadNews) schedule();
}

function hangUp() {
  clearTimeout(streamTimer);
  source?.close();
  source = null;
  streaming = false;
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(timer);
  hangUp();
  if (isIdle()) return;
  refresh();
  listen();
});
schedule();
listen();
