// Tells the server once per visit that somebody has the commentary before them. Machines that only fetch do not.
function note() {
  const form = document.querySelector("[data-seen]");
  if (!form || document.hidden) return;
  const said = `seen ${form.action}`;
  try {
    if (sessionStorage.getItem(said)) return;
    sessionStorage.setItem(said, "1");
  } catch {
    // Storage is switched off: a look more or less.
  }
  fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
}

note();
new MutationObserver(note).observe(document.querySelector("main"), { childList: true, subtree: true });
document.addEventListener("visibilitychange", note);
