/** Hands each frame on, and says its bytes. */
const WORKER = `self.addEventListener('rtctransform', ({ transformer: { readable, writable } }) => {
  const look = new TransformStream({
    transform(frame, controller) {
      self.postMessage(new Uint8Array(frame.data.slice(0)));
      controller.enqueue(frame);
    },
  });
  void readable.pipeThrough(look).pipeTo(writable);
})`;

/**
 * Notes the Opus packets that receivers are sent, before they are decoded: a machine that has no time
 * for its sound tears what is heard, but not these.
 */
export class PacketLog {
  readonly #worker: Worker;
  readonly #transforms: RTCRtpScriptTransform[] = [];
  /** Each packet in the order of arrival, its bytes in hexadecimal digits. */
  readonly packets: string[] = [];

  constructor() {
    const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
    this.#worker = new Worker(url);
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Uint8Array>) => {
      this.packets.push(hex(data));
    });
  }

  /** Before the first packet: when the track is told of. */
  follow(receiver: RTCRtpReceiver): void {
    const transform = new RTCRtpScriptTransform(this.#worker);
    this.#transforms.push(transform);
    receiver.transform = transform;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
