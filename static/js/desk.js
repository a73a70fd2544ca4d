// Keeps the part of staff's page that is marked data-now as fresh as the server's answer from that address.
// Only what differs is changed, so that focus, scroll, selection and what is unfolded stay as they are.
// While somebody is in a form of the page, or has changed it, it changes nothing by itself; and it never changes fields.
import { Watch } from "./watch.js";

const APART = 3000; // looks; a busy queue has news all the time
const WORDS_EVERY = 10000; // a screen reader must not be talked over all the time
const FINAL = { 401: "You are logged out.", 403: "You may not see this any more.", 404: "It is not there any more." };

const region = document.querySelector("[data-now]");
const line = document.querySelector("[data-now-line]");
const deeds = document.querySelector("[data-do]"); // buttons outside of the region; its data-can says which may be used
const [asOf, again, pause, said, words] = ["as-of", "again", "pause", "said", "words"].map((name) =>
  line.querySelector(`[data-${name}]`),
);

let etag = "";
let paused = false;
let over = false; // logged out, or no longer allowed: asking again would not help
let lookedAt = Date.now();
let shown = news().words;
let spokeAt = 0;
let edited = isEdited();
let asked = false; // somebody has asked for this look, so what stands above a form may move

function news() {
  return region.firstElementChild.dataset;
}

function isDone() {
  return "done" in news();
}

function rests() {
  return paused || over || document.hidden || isDone() || isEdited();
}

function isBeside(element) {
  return !region.contains(element) && !line.contains(element);
}

function isChanged({ type, value, defaultValue, checked, defaultChecked, options, selectedIndex }) {
  if (!options) return type === "checkbox" || type === "radio" ? checked !== defaultChecked : value !== defaultValue;
  return selectedIndex !== Math.max(0, [...options].findIndex((option) => option.defaultSelected));
}

function isEdited(at = document.activeElement) {
  if (at?.closest("#content form") && isBeside(at)) return true;
  const fields = [...document.querySelectorAll("#content form :is(input, select, textarea)")];
  return fields.some((field) => isBeside(field) && isChanged(field));
}

// `at`: what has the focus now.
function heed(at) {
  const edits = isEdited(at);
  if (edits === edited || over) return;
  edited = edits;
  say("");
  watch.begin();
}

function hasSame(list, id) {
  return [...list].find((element) => element.id === id);
}

// Makes the children of `old` what those of `fresh` are. What has an id stays the same element wherever it stands now.
function morph(old, fresh) {
  for (const child of [...old.children]) if (child.id && !hasSame(fresh.children, child.id)) child.remove();
  let place = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const own = child.id ? hasSame(old.children, child.id) : null;
    while (own && place !== own && place && !place.id) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
    if (own && own !== place) old.insertBefore(own, place);
    const match = own ?? (place && !place.id && !child.id && place.nodeName === child.nodeName ? place : null);
    if (match) {
      place = match.nextSibling;
      update(match, child);
    } else {
      old.insertBefore(child, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function update(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name); // open: what somebody unfolded
  }
  morph(old, fresh);
}

function show(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  if (!template.content.firstElementChild?.dataset.words) throw new Error("not our answer");
  const held = region.contains(document.activeElement);
  morph(region, template.content);
  if (held && !region.contains(document.activeElement)) region.focus({ preventScroll: true });
  offer();
}

// No button moves or goes from under somebody's pointer: what is not possible any more is grey, what is new comes last.
function offer() {
  const can = news().can?.split(" ");
  for (const button of deeds?.querySelectorAll("button") ?? []) {
    button.disabled = !can.includes(button.value);
    if (!button.disabled && button.hidden) deeds.append(button);
    button.hidden &&= button.disabled;
  }
}

async function load() {
  const response = await fetch(region.dataset.now, {
    headers: etag ? { "If-None-Match": etag } : {},
    redirect: "error",
    signal: AbortSignal.timeout(10000),
  });
  if (response.status in FINAL) {
    over = true;
    say(FINAL[response.status]);
    if (response.status === 401) again.textContent = "Log in again";
    return;
  }
  if (response.status !== 304) {
    if (!response.ok) throw new Error(`status ${response.status}`);
    const html = await response.text();
    if (isEdited() && !asked) return; // since it was asked for
    show(html);
    etag = response.headers.get("ETag");
  }
  asOf.textContent = response.headers.get("As-Of");
  say("");
}

function say(text) {
  const known = text || news().done || (paused ? "Paused." : isEdited() ? "Waits while you edit." : "");
  if (said.textContent !== known) said.textContent = known;
  line.classList.toggle("trouble", text !== "");
  pause.hidden = over || isDone();
}

function speak() {
  const now = news().words;
  if (now === shown || Date.now() - spokeAt < WORDS_EVERY) return;
  words.textContent = shown = now;
  spokeAt = Date.now();
}

function tell() {
  lookedAt = Date.now();
  asked = false;
  if (watch.failures) say("The server cannot be reached; trying again.");
  speak();
}

const watch = new Watch({
  stream: region.dataset.stream,
  every: 5000,
  look: load,
  told: tell,
  rests,
  calm: (streaming) => streaming && !("moving" in news()), // no stream of lines tells progress
  soon: () => Math.max(0, lookedAt + APART - Date.now()),
});

again.addEventListener("click", (event) => {
  if (over || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  asked = true;
  watch.refresh();
});
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Resume" : "Pause";
  say("");
  watch.begin();
});
for (const name of ["focusin", "input", "change"]) document.addEventListener(name, () => heed());
document.addEventListener("focusout", (event) => heed(event.relatedTarget));
again.textContent = "Refresh now";
say("");
