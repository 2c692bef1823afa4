// Camera, microphone and screen.

const CAMERA = { video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 15 } }, audio: true };

export function openCamera() {
  return navigator.mediaDevices.getUserMedia(CAMERA);
}

export const canShareScreen = Boolean(navigator.mediaDevices?.getDisplayMedia);

export function openScreen() {
  return navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 5 } }, audio: false });
}

export async function takePhoto(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

export function showLevel(media, meter) {
  const sound = new AudioContext();
  const analyser = sound.createAnalyser();
  sound.createMediaStreamSource(media).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    meter.value = Math.max(...samples.map((sample) => Math.abs(sample - 128))) / 128;
  }, 200);
  return () => {
    clearInterval(timer);
    sound.close();
  };
}
