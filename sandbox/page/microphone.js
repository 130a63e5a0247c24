// Speaking by microphone, where the browser can recognise speech; elsewhere there is no such button.
import { el, tell } from "./dom.js";

export function microphone(title, say) {
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;
  if (!Recognition) return null;
  const trouble = el("span", { class: "hint", role: "status" });
  const talk = el("button", { type: "button", "aria-label": `Speak by microphone on ${title}'s phone`, title: "Speak by microphone", "aria-pressed": "false" }, "🎤");
  let listening = null;

  talk.addEventListener("click", () => {
    if (listening) return listening.stop();
    listening = new Recognition();
    listening.lang = "en-US";
    listening.onresult = (event) => say([...event.results].map((one) => one[0].transcript).join(" "));
    listening.onerror = (event) => tell(trouble, event.error === "not-allowed" ? "The microphone is not allowed here." : "The browser did not understand; write it instead.");
    listening.onend = () => {
      listening = null;
      talk.setAttribute("aria-pressed", "false");
    };
    tell(trouble, "");
    talk.setAttribute("aria-pressed", "true");
    return listening.start();
  });
  return el("span", { class: "microphone" }, talk, trouble);
}
