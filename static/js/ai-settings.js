// While a key is being checked, asks for the result every two seconds and shows it in place.
// Without this script the "Refresh" link does it.
const EVERY = 2000;
const LONGEST = 60; // looks; a worker may be away for longer, and the link stays

async function look(left) {
  const response = await fetch(document.querySelector("[data-page]").dataset.page);
  if (response.ok) {
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const old of document.querySelectorAll("[data-checking]")) {
      const now = fresh.querySelector(`[data-check="${old.dataset.check}"]`);
      if (!now || "checking" in now.dataset) continue;
      old.replaceChildren(...now.childNodes);
      delete old.dataset.checking;
      old.closest(".key").querySelector(".check button").disabled = false;
    }
  }
  if (left && document.querySelector("[data-checking]")) setTimeout(next, EVERY, left - 1);
}

function next(left) {
  look(left).catch(() => setTimeout(next, EVERY, left - 1));
}

next(LONGEST);
