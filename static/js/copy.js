// "Copy" beside a field that holds something to pass on. Without this script people select it themselves.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      document.querySelector("[data-copied]").textContent = "Copied.";
    } catch {
      document.querySelector("[data-copied]").textContent = "Press Ctrl+C to copy.";
    }
  });
}
