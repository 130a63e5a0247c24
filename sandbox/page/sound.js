// Sounds, off until somebody wants them: the bell of a ringing phone, and the browser's voice.

const TONES = [440, 480];
const LASTS = 0.45;
let context = null;

/** One short ring. */
export function ring() {
  context ??= new AudioContext();
  const volume = context.createGain();
  volume.gain.value = 0.08;
  volume.connect(context.destination);
  for (const frequency of TONES) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(volume);
    tone.start();
    tone.stop(context.currentTime + LASTS);
  }
}

export function readAloud(text) {
  if ("speechSynthesis" in window) speechSynthesis.speak(new SpeechSynthesisUtterance(text));
}
