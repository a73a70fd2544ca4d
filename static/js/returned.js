// Back from the payment provider: has it asked at once whether the order was paid. live.js shows what comes of it.
const button = document.querySelector("#have-paid");
if (button) fetch(button.formAction, { method: "POST", body: new FormData(button.form) }).catch(() => {});
