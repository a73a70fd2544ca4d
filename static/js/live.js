// Refreshes the region marked data-live from that address until what it shows is final (data-done).
// The stream at data-stream says when to look; while there is none, the page looks every two seconds, or every fifteen
// where nothing is expected soon (data-calm).
// Without this script the page reloads itself every ten seconds, and its "Refresh" link always works.
import { Watch } from "./watch.js";

const WORDS_EVERY = 10000; // a screen reader must not be talked over all the time
const TOGETHER = 100; // news that come this close are looked at once

const region = document.querySelector("[data-live]");
const line = document.querySelector("[data-live-line]");
const words = line.querySelector("[role=status]");

let etag = "";
let expired = false;
let spokeAt = 0;
let failedBefore = false;

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

function tell() {
  const fails = watch.failures > 0;
  line.classList.toggle("trouble", fails || expired);
  if (expired) say(line.dataset.gone, { atOnce: true });
  else if (fails) say(line.dataset.lost, { atOnce: true });
  else say(shown().words, { atOnce: failedBefore || isDone() });
  failedBefore = fails;
}

const watch = new Watch({
  stream: region.dataset.stream,
  every: 2000,
  look: load,
  told: tell,
  rests: isIdle,
  calm: (streaming) => streaming || "calm" in shown(),
  soon: () => TOGETHER,
});
